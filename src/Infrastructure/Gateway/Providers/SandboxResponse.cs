using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Answers in the form of OpenAI's Responses API: an output of one message with one text.</summary>
internal sealed class SandboxResponse : ISandboxForm
{
    public IReadOnlyList<string> LimitFields { get; } = ["max_output_tokens"];

    public string PromptIn(JsonElement request)
    {
        var input = SandboxRequest.Member(request, "input");
        return input.ValueKind is JsonValueKind.Array
            ? SandboxRequest.Content(SandboxRequest.Member(SandboxRequest.Last(input), "content"))
            : SandboxRequest.Content(input);
    }

    public JsonObject Whole(SandboxText text)
    {
        var response = Response(text, EndStatus(text), Message(text, EndStatus(text), Part(text.Value)));
        response["incomplete_details"] = text.IsCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null;
        response["usage"] = new JsonObject
        {
            ["input_tokens"] = text.PromptTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = text.AnswerTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = text.PromptTokens + text.AnswerTokens,
        };
        return response;
    }

    public IEnumerable<byte[]> Events(SandboxText text, JsonElement request) =>
        Steps(text).Select((step, number) => Event(step.Type, number, step.Data));

    private static IEnumerable<(string Type, JsonObject Data)> Steps(SandboxText text)
    {
        yield return ("response.created", new JsonObject { ["response"] = Response(text, "in_progress", null) });
        yield return ("response.in_progress", new JsonObject { ["response"] = Response(text, "in_progress", null) });
        yield return ("response.output_item.added", Item(Message(text, "in_progress", null)));
        yield return ("response.content_part.added", Within(text, "part", Part(string.Empty)));
        foreach (var word in text.Words())
        {
            yield return ("response.output_text.delta", Within(text, "delta", word));
        }

        yield return ("response.output_text.done", Within(text, "text", text.Value));
        yield return ("response.content_part.done", Within(text, "part", Part(text.Value)));
        yield return ("response.output_item.done", Item(Message(text, EndStatus(text), Part(text.Value))));
        yield return ($"response.{EndStatus(text)}", new JsonObject { ["response"] = new SandboxResponse().Whole(text) });
    }

    private static string EndStatus(SandboxText text) => text.IsCut ? "incomplete" : "completed";

    private static JsonObject Response(SandboxText text, string status, JsonObject? message) => new()
    {
        ["id"] = $"resp_sandbox{text.Id}",
        ["object"] = "response",
        ["created_at"] = 0,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["model"] = text.Model,
        ["output"] = message is null ? [] : new JsonArray(message),
        ["usage"] = null,
    };

    private static JsonObject Message(SandboxText text, string status, JsonObject? part) => new()
    {
        ["id"] = IdOfMessage(text),
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = part is null ? [] : new JsonArray(part),
    };

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private static JsonObject Item(JsonObject message) => new() { ["output_index"] = 0, ["item"] = message };

    private static JsonObject Within(SandboxText text, string member, JsonNode value) => new()
    {
        ["item_id"] = IdOfMessage(text),
        ["output_index"] = 0,
        ["content_index"] = 0,
        [member] = value,
    };

    private static string IdOfMessage(SandboxText text) => $"msg_sandbox{text.Id}";

    private static byte[] Event(string type, int number, JsonObject data)
    {
        data.Insert(0, "type", type);
        data.Insert(1, "sequence_number", number);
        return [.. Encoding.UTF8.GetBytes($"event: {type}\ndata: "), .. JsonSerializer.SerializeToUtf8Bytes(data), .. "\n\n"u8];
    }
}
