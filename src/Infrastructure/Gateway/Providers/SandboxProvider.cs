using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Makes the Sandbox.</summary>
internal sealed class SandboxAdapter(TimeProvider time) : IProviderAdapter
{
    public ProviderKind Kind => ProviderKind.Sandbox;

    public IModelProvider Create(ProviderSettings settings) => new SandboxProvider(settings.Name, time);
}

/// <summary>
/// Stands in for models that nobody serves, so that a first call succeeds without any key. It calls nobody, answers the same
/// to the same request, and says in every answer what it is.
/// </summary>
internal sealed class SandboxProvider(string name, TimeProvider time) : IModelProvider
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream; charset=utf-8";

    // A request in another form than its client's may be deeper than what clients send.
    private static readonly JsonDocumentOptions Format = new() { MaxDepth = 256 };

    public string Name { get; } = name;

    /// <summary>A made-up vector would look like a real one, so it makes none.</summary>
    public static bool Serves(CatalogueModel model) => !model.Capabilities.Contains(ModelCapability.Embeddings);

    public bool Serves(string operation) => operation
        is ProviderOperations.ChatCompletions or ProviderOperations.Completions or ProviderOperations.Responses
        or ProviderOperations.ImageGenerations;

    public Task<ProviderReply> SendAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var request = Parse(call.Body);
        return Task.FromResult((request, call.Operation) switch
        {
            (null, _) => Refusal(400, "The request is not a JSON object."),
            (_, ProviderOperations.ChatCompletions) => Answer(new SandboxChat(), request.RootElement, call),
            (_, ProviderOperations.Completions) => Answer(new SandboxCompletion(), request.RootElement, call),
            (_, ProviderOperations.Responses) => Answer(new SandboxResponse(), request.RootElement, call),
            (_, ProviderOperations.ImageGenerations) => Whole(200, Image(request.RootElement, call)),
            _ => Refusal(404, "The Sandbox does not serve this operation."),
        });
    }

    private ProviderReply Answer(ISandboxForm form, JsonElement request, ProviderCall call)
    {
        if (SandboxText.LimitIn(request, form.LimitFields, out var wrongField) is var limit && wrongField is not null)
        {
            return Refusal(400, $"{wrongField} must be a whole number above zero.", wrongField);
        }

        var text = SandboxText.Write(call, form.PromptIn(request), SandboxRequest.WantsJson(request), limit);
        return request.TryGetProperty("stream", out var stream) && stream.ValueKind is JsonValueKind.True
            ? new ProviderReply(Name, 200, new SandboxStream(form.Events(text, request), time)) { ContentType = EventStream }
            : Whole(200, form.Whole(text));
    }

    private static JsonDocument? Parse(ReadOnlySequence<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, Format);
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

    private static JsonObject Image(JsonElement request, ProviderCall call)
    {
        var (width, height) = SandboxRequest.Text(request, "size") switch
        {
            "1792x1024" => (1792, 1024),
            "1024x1792" => (1024, 1792),
            _ => (1024, 1024),
        };
        var image = SandboxImage.Draw(width, height, SHA256.HashData(call.Body.ToArray()));
        return new JsonObject
        {
            ["created"] = 0,
            ["data"] = new JsonArray(new JsonObject
            {
                ["b64_json"] = Convert.ToBase64String(image),
                ["revised_prompt"] = "[Sandbox] No model was called.",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = SandboxText.TokensIn(call.Body.Length) },
        };
    }

    private ProviderReply Refusal(int status, string message, string? field = null) => Whole(status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = $"[Sandbox] {message}",
            ["type"] = "invalid_request_error",
            ["param"] = field,
            ["code"] = null,
        },
    });

    private ProviderReply Whole(int status, JsonObject body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        return new ProviderReply(Name, status, new SandboxStream([bytes], time)) { ContentType = Json, ContentLength = bytes.Length };
    }
}
