using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>What OpenAI's two older forms have in common: choices, chunks, a usage on request, and a last word.</summary>
internal abstract class SandboxChoices(string type, string chunkType) : ISandboxForm
{
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    public virtual IReadOnlyList<string> LimitFields { get; } = ["max_tokens"];

    public abstract string PromptIn(JsonElement request);

    public JsonObject Whole(SandboxText text)
    {
        var answer = Frame(text, type, WholeChoice(text.Value, ReasonOf(text)));
        answer["usage"] = Usage(text);
        return answer;
    }

    public IEnumerable<byte[]> Events(SandboxText text, JsonElement request)
    {
        var usage = SandboxRequest.Member(SandboxRequest.Member(request, "stream_options"), "include_usage");
        return Events(text, withUsage: usage.ValueKind is JsonValueKind.True);
    }

    protected abstract JsonObject WholeChoice(string text, string reason);

    /// <summary>A piece of the choice: the first has no text, the last only a reason.</summary>
    protected abstract JsonObject? Piece(string? text, string? reason);

    private IEnumerable<byte[]> Events(SandboxText text, bool withUsage)
    {
        IEnumerable<JsonObject?> pieces =
            [Piece(null, null), .. text.Words().Select(word => Piece(word, null)), Piece(null, ReasonOf(text))];
        foreach (var piece in pieces.OfType<JsonObject>())
        {
            var chunk = Frame(text, chunkType, piece);
            if (withUsage)
            {
                chunk["usage"] = null;
            }

            yield return Event(chunk);
        }

        if (withUsage)
        {
            var last = Frame(text, chunkType, null);
            last["usage"] = Usage(text);
            yield return Event(last);
        }

        yield return Done;
    }

    private static string ReasonOf(SandboxText text) => text.IsCut ? "length" : "stop";

    private static JsonObject Frame(SandboxText text, string type, JsonObject? choice) => new()
    {
        ["id"] = $"sandbox-{text.Id}",
        ["object"] = type,
        ["created"] = 0,
        ["model"] = text.Model,
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    private static JsonObject Usage(SandboxText text) => new()
    {
        ["prompt_tokens"] = text.PromptTokens,
        ["completion_tokens"] = text.AnswerTokens,
        ["total_tokens"] = text.PromptTokens + text.AnswerTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
    };

    private static byte[] Event(JsonObject data) => [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(data), .. "\n\n"u8];
}

/// <summary>Chats.</summary>
internal sealed class SandboxChat() : SandboxChoices("chat.completion", "chat.completion.chunk")
{
    public override IReadOnlyList<string> LimitFields { get; } = ["max_completion_tokens", "max_tokens"];

    public override string PromptIn(JsonElement request) =>
        SandboxRequest.Content(SandboxRequest.Member(SandboxRequest.Last(SandboxRequest.Member(request, "messages")), "content"));

    protected override JsonObject WholeChoice(string text, string reason) => new()
    {
        ["index"] = 0,
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
        ["finish_reason"] = reason,
    };

    protected override JsonObject Piece(string? text, string? reason) => new()
    {
        ["index"] = 0,
        ["delta"] = (text, reason) switch
        {
            (not null, _) => new JsonObject { ["content"] = text },
            (_, null) => new JsonObject { ["role"] = "assistant", ["content"] = string.Empty },
            _ => [],
        },
        ["finish_reason"] = reason,
    };
}

/// <summary>Completions of a text.</summary>
internal sealed class SandboxCompletion() : SandboxChoices("text_completion", "text_completion")
{
    public override string PromptIn(JsonElement request) => SandboxRequest.Content(SandboxRequest.Member(request, "prompt"));

    protected override JsonObject WholeChoice(string text, string reason) => Choice(text, reason);

    protected override JsonObject? Piece(string? text, string? reason) =>
        text is null && reason is null ? null : Choice(text ?? string.Empty, reason);

    private static JsonObject Choice(string text, string? reason) => new()
    {
        ["text"] = text,
        ["index"] = 0,
        ["logprobs"] = null,
        ["finish_reason"] = reason,
    };
}
