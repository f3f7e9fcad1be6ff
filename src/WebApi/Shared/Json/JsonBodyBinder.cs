using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using AiPlatform.Application.Shared;
using AiPlatform.WebApi.Shared.Calls;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared.Json;

internal sealed class JsonBodyBinder(HttpCallContext call, IOptions<JsonOptions> json) : IModelBinder
{
    private static readonly ReadOnlyMemory<byte> NoFields = "{}"u8.ToArray();

    private static readonly JsonBodyBoundsAttribute Usual = new(JsonBodyAttribute.MaxBytes, JsonBodyAttribute.MaxDepth);

    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        call.Body = await ReadAsync(bindingContext.HttpContext.Request, bindingContext.HttpContext.RequestAborted);
        var fields = call.Body.State is BodyState.Read ? call.Body.Json : NoFields;
        var model = JsonSerializer.Deserialize(fields.Span, bindingContext.ModelType, json.Value.JsonSerializerOptions);
        bindingContext.Result = ModelBindingResult.Success(model);
    }

    private static async Task<CallBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bounds = request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<JsonBodyBoundsAttribute>() ?? Usual;
        if (request.ContentLength > bounds.MaxBytes)
        {
            return new CallBody(BodyState.TooLarge, default);
        }

        // One byte more than announced, so that the end is seen without the buffer growing.
        var buffer = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (await ReceiveAsync(request, buffer.GetMemory(), cancellationToken) is var read and > 0)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > bounds.MaxBytes)
            {
                return new CallBody(BodyState.TooLarge, default);
            }
        }

        if (FormBody.IsForm(request))
        {
            return FormBody.Read(buffer.WrittenMemory);
        }

        return IsObject(buffer.WrittenMemory, bounds.MaxDepth) ? new CallBody(BodyState.Read, buffer.WrittenMemory) : default;
    }

    /// <summary>Reads on; a connection that breaks off, or chunks that are none, are the caller's fault and not the platform's.</summary>
    private static async ValueTask<int> ReceiveAsync(HttpRequest request, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new BadHttpRequestException("The body broke off.", StatusCodes.Status400BadRequest, broken);
        }
    }

    private static bool IsObject(ReadOnlyMemory<byte> bytes, int maxDepth)
    {
        try
        {
            if (!Utf8.IsValid(bytes.Span))
            {
                return false;
            }

            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.EnumerateObject().Any();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member's name is half a surrogate pair.
            return false;
        }
    }
}
