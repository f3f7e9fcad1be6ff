using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>What a provider's error says, whichever way it words it. Strings stay escaped.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="Type">The class of error; empty where none is named.</param>
/// <param name="Code">The exact error; empty where none is named.</param>
internal readonly record struct ProviderError(ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Type, ReadOnlyMemory<byte> Code)
{
    /// <summary>Reads the body of an error, which may be no JSON at all.</summary>
    public static ProviderError Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = TranslatedBody.Parse(body);
            return Read(status, document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is FormatException or InvalidOperationException)
        {
            return new ProviderError(Anonymous(status), default, default);
        }
    }

    /// <summary>Reads an error: <c>{"error":{"message"}}</c> in both formats, and what some hosts make of it.</summary>
    public static ProviderError Read(int status, JsonElement body)
    {
        var error = body.Member("error", JsonValueKind.Object) ?? body;
        var message = error.Words("message") ?? body.Words("error") ?? body.Words("detail");

        // Anthropic's envelope has a type of its own, which says only that it is an error.
        var type = error.Is("type", "error") ? null : error.Words("type");
        var details = error.Member("details", JsonValueKind.Object);
        return new ProviderError(
            message is { } text ? Copy(text) : Anonymous(status), Copy(type), Copy(error.Words("code") ?? details?.Words("error_code")));
    }

    /// <summary>Writes it as OpenAI's API does.</summary>
    public ReadOnlyMemory<byte> ToChat(int status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var target = new Utf8JsonWriter(buffer, TranslatedBody.Plain))
        {
            target.WriteStartObject();
            WriteChat(target, status);
            target.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes it as OpenAI's API does.</summary>
    public void WriteChat(Utf8JsonWriter target, int status)
    {
        var type = Encoding.UTF8.GetString(Type.Span);
        target.WriteStartObject("error");
        target.WriteEscaped("message", default, Message.Span);
        target.WriteString("type", type switch
        {
            "" => OpenAiType(status),
            "authentication_error" or "permission_error" or "not_found_error" or "request_too_large" or "billing_error"
                => "invalid_request_error",
            "rate_limit_error" => "rate_limit_error",
            "api_error" or "overloaded_error" or "timeout_error" => "server_error",
            _ => type,
        });
        target.WriteNull("param");
        if (Code.Length > 0)
        {
            target.WriteEscaped("code", default, Code.Span);
        }
        else if (type is "" or "invalid_request_error")
        {
            target.WriteNull("code");
        }
        else
        {
            // What is not found is the model: nothing else in a request to Anthropic's API is looked up.
            target.WriteString("code", type switch
            {
                "rate_limit_error" => "rate_limit_exceeded",
                "not_found_error" => "model_not_found",
                _ => type,
            });
        }

        target.WriteEndObject();
    }

    /// <summary>Writes it as Anthropic's API does.</summary>
    public ReadOnlyMemory<byte> ToMessages(int status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var target = new Utf8JsonWriter(buffer, TranslatedBody.Plain))
        {
            target.WriteStartObject();
            WriteMessages(target, status);
            target.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes it as Anthropic's API does. Its types follow from the status.</summary>
    public void WriteMessages(Utf8JsonWriter target, int status)
    {
        target.WriteString("type", "error");
        target.WriteStartObject("error");
        target.WriteString("type", AnthropicType(status));
        target.WriteEscaped("message", default, Message.Span);
        if (Code.Length > 0)
        {
            target.WriteStartObject("details");
            target.WriteEscaped("error_code", default, Code.Span);
            target.WriteEndObject();
        }

        target.WriteEndObject();
    }

    private static string OpenAiType(int status) => status switch
    {
        429 => "rate_limit_error",
        >= 400 and <= 499 => "invalid_request_error",
        _ => "server_error",
    };

    private static string AnthropicType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        503 or 529 => "overloaded_error",
        >= 400 and <= 499 => "invalid_request_error",
        _ => "api_error",
    };

    private static byte[] Copy(JsonElement? text) => text is { } value ? JsonText.Escaped(value).ToArray() : [];

    private static byte[] Anonymous(int status) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"The model provider answered {status} without saying why"));
}
