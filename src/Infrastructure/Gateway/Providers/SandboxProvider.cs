using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Makes the Sandbox.</summary>
internal sealed class SandboxAdapter : IProviderAdapter
{
    public ProviderKind Kind => ProviderKind.Sandbox;

    public IModelProvider Create(ProviderSettings settings) => new SandboxProvider(settings.Name);
}

/// <summary>
/// Stands in for models that nobody serves, so that a first call succeeds without any key. It calls nobody, answers the same
/// to the same request, and says in every answer what it is.
/// </summary>
internal sealed class SandboxProvider(string name) : IModelProvider
{
    private const int BytesPerToken = 4;
    private const int LongestEcho = 200;

    public string Name { get; } = name;

    /// <summary>A made-up vector would look like a real one, so it makes none.</summary>
    public static bool Serves(CatalogueModel model) => !model.Capabilities.Contains(ModelCapability.Embeddings);

    public bool Serves(string operation) => operation is ProviderOperations.ChatCompletions or ProviderOperations.ImageGenerations;

    public Task<ProviderReply> SendAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var request = Parse(call.Body);
        var (status, body) = (request, call.Operation) switch
        {
            (null, _) => (400, Error("The request is not a JSON object.")),
            (_, ProviderOperations.ChatCompletions) => (200, Chat(request.RootElement, call)),
            (_, ProviderOperations.ImageGenerations) => (200, Image(request.RootElement, call)),
            _ => (404, Error("The Sandbox does not serve this operation.")),
        };
        var reply = new ProviderReply(Name, status, new MemoryStream(body), CancellationToken.None) { ContentType = "application/json" };
        return Task.FromResult(reply);
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Chat(JsonElement request, ProviderCall call)
    {
        var text = $"[Sandbox] No model was called, as no provider of {call.UpstreamModel} is configured. You wrote: {Echo(request)}";
        if (WantsJson(request))
        {
            text = JsonSerializer.Serialize(new { sandbox = true, message = text });
        }

        var promptTokens = TokensIn(call.Body.Length);
        var completionTokens = TokensIn(Encoding.UTF8.GetByteCount(text));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = $"sandbox-{Convert.ToHexStringLower(SHA256.HashData(call.Body.Span))[..24]}",
            @object = "chat.completion",
            created = 0,
            model = $"sandbox-{call.UpstreamModel}",
            choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, finish_reason = "stop" } },
            usage = new
            {
                prompt_tokens = promptTokens,
                completion_tokens = completionTokens,
                total_tokens = promptTokens + completionTokens,
                prompt_tokens_details = new { cached_tokens = 0 },
            },
        });
    }

    private static byte[] Image(JsonElement request, ProviderCall call)
    {
        var (width, height) = Text(request, "size") switch
        {
            "1792x1024" => (1792, 1024),
            "1024x1792" => (1024, 1792),
            _ => (1024, 1024),
        };
        var image = SandboxImage.Draw(width, height, SHA256.HashData(call.Body.Span));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            created = 0,
            data = new[] { new { b64_json = Convert.ToBase64String(image), revised_prompt = "[Sandbox] No model was called." } },
            usage = new { prompt_tokens = TokensIn(call.Body.Length) },
        });
    }

    private static byte[] Error(string message) =>
        JsonSerializer.SerializeToUtf8Bytes(new { error = new { message = $"[Sandbox] {message}", type = "invalid_request_error" } });

    private static int TokensIn(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private static bool WantsJson(JsonElement request) =>
        request.TryGetProperty("response_format", out var format)
        && format.ValueKind is JsonValueKind.Object
        && Text(format, "type") is "json_object";

    /// <summary>The start of the last message, so that a caller sees that the prompt arrived.</summary>
    private static string Echo(JsonElement request)
    {
        if (!request.TryGetProperty("messages", out var messages)
            || messages.ValueKind is not JsonValueKind.Array
            || messages.EnumerateArray().LastOrDefault() is not { ValueKind: JsonValueKind.Object } last)
        {
            return string.Empty;
        }

        var echo = new ArrayBufferWriter<char>();
        foreach (var rune in (Text(last, "content") ?? string.Empty).EnumerateRunes().Take(LongestEcho))
        {
            echo.Advance(rune.EncodeToUtf16(echo.GetSpan(2)));
        }

        return echo.WrittenSpan.ToString();
    }

    private static string? Text(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var member) || member.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no text.
            return null;
        }
    }
}
