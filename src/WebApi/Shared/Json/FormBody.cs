using System.Text;
using System.Text.Json;
using AiPlatform.Application.Shared;
using Microsoft.AspNetCore.WebUtilities;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>Turns a form into the JSON object that a client would have sent instead.</summary>
internal static class FormBody
{
    private const int MaxFields = 100;

    /// <summary>Whether the client says that the body is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true
        && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AcceptsFormAttribute>() is not null;

    /// <summary>Reads the form; one that names a field twice, or has none, is none.</summary>
    public static CallBody Read(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(bytes.Span)) { ValueCountLimit = MaxFields, ValueLengthLimit = JsonBodyAttribute.MaxBytes };
        try
        {
            var fields = reader.ReadForm();
            return fields.Count == 0 || fields.Values.Any(values => values.Count != 1)
                ? default
                : new CallBody(BodyState.Read, JsonSerializer.SerializeToUtf8Bytes(fields.ToDictionary(field => field.Key, field => field.Value[0])));
        }
        catch (InvalidDataException)
        {
            return default;
        }
    }
}
