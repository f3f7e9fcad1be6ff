using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Reads one JSON object and writes another.</summary>
internal static class TranslatedBody
{
    /// <summary>Bodies are never put into HTML, so that a letter outside ASCII may stay one letter.</summary>
    public static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    // Behind another translation, which may have made it deeper than what clients and providers may send.
    private static readonly JsonDocumentOptions Format = new() { MaxDepth = JsonMembers.MaxTranslatedDepth };

    /// <summary>Translates a client's request.</summary>
    /// <exception cref="RefusedException">It is no JSON object, or <paramref name="write"/> refuses a field.</exception>
    public static ReadOnlyMemory<byte> OfRequest(ReadOnlyMemory<byte> body, Action<JsonElement, Utf8JsonWriter> write)
    {
        try
        {
            return Write(body, write);
        }
        catch (FormatException unreadable)
        {
            throw new RefusedException(RequestErrors.Invalid("The request body must be a JSON object"), unreadable);
        }
    }

    /// <summary>Translates a provider's answer.</summary>
    /// <exception cref="FormatException">It is no JSON object, or <paramref name="write"/> says that it is another.</exception>
    public static ReadOnlyMemory<byte> OfAnswer(ReadOnlyMemory<byte> body, Action<JsonElement, Utf8JsonWriter> write) =>
        Write(body, write);

    /// <summary>Reads one object.</summary>
    /// <param name="body">Its bytes.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument? document = null;
        try
        {
            // The JSON reader leaves open whether the inside of a string is UTF-8.
            if (Utf8.IsValid(body.Span) && (document = JsonDocument.Parse(body, Format)).RootElement.ValueKind is JsonValueKind.Object)
            {
                return document;
            }
        }
        catch (JsonException unreadable)
        {
            throw new FormatException("The text is not JSON.", unreadable);
        }

        document?.Dispose();
        throw new FormatException("The text is not a JSON object in UTF-8.");
    }

    private static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> body, Action<JsonElement, Utf8JsonWriter> write)
    {
        using var document = Parse(body);
        var buffer = new ArrayBufferWriter<byte>(body.Length + 256);
        using (var target = new Utf8JsonWriter(buffer, Plain))
        {
            target.WriteStartObject();
            try
            {
                write(document.RootElement, target);
            }
            catch (InvalidOperationException unreadable)
            {
                // A name of a member, or a word that is compared, has half of a surrogate pair.
                throw new FormatException("The text is not readable JSON.", unreadable);
            }

            target.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
