using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>OpenAI's responses.</summary>
internal static class OpenAiResponses
{
    private const long Created = 1_760_000_000;

    /// <summary>Words a turn as <c>POST /responses</c> answers.</summary>
    public static WireAnswer Of(int number, Turn turn, JsonObject request) => new(
        turn.Usage,
        () => Response(number, turn, request, Status(turn), [.. Items(number, turn)], turn.Usage),
        Numbered(Events(number, turn, request)),
        EndsWithDone: false);

    private static IEnumerable<StreamEvent> Numbered(IEnumerable<StreamEvent> events)
    {
        var sequence = 0;
        foreach (var each in events)
        {
            each.Data["type"] = each.Name;
            each.Data["sequence_number"] = sequence++;
            yield return each;
        }
    }

    private static IEnumerable<StreamEvent> Events(int number, Turn turn, JsonObject request)
    {
        yield return Whole("response.created", Response(number, turn, request, "in_progress", [], null));
        yield return Whole("response.in_progress", Response(number, turn, request, "in_progress", [], null));
        var output = turn.Calls.Count > 0 ? CallEvents(number, turn) : MessageEvents(number, turn);
        foreach (var each in output)
        {
            yield return each;
        }

        var response = Response(number, turn, request, Status(turn), [.. Items(number, turn)], turn.Usage);
        yield return Whole(turn.IsCutShort ? "response.incomplete" : "response.completed", response) with { Usage = turn.Usage };
    }

    private static IEnumerable<StreamEvent> MessageEvents(int number, Turn turn)
    {
        var id = $"msg_{number:D8}";
        JsonObject Place() => new() { ["item_id"] = id, ["output_index"] = 0, ["content_index"] = 0 };
        StreamEvent Part(string name, string member, JsonNode value, string? piece = null)
        {
            var data = Place();
            data[member] = value;
            return new StreamEvent(name, data) { Piece = piece };
        }

        yield return Item("response.output_item.added", 0, Message(number, "in_progress", null));
        yield return Part("response.content_part.added", "part", TextPart(string.Empty));
        foreach (var piece in turn.Pieces)
        {
            yield return Part("response.output_text.delta", "delta", piece, piece);
        }

        yield return Part("response.output_text.done", "text", turn.Text);
        yield return Part("response.content_part.done", "part", TextPart(turn.Text));
        yield return Item("response.output_item.done", 0, Message(number, Status(turn), turn.Text));
    }

    private static IEnumerable<StreamEvent> CallEvents(int number, Turn turn)
    {
        foreach (var (index, call) in turn.Calls.Index())
        {
            var id = $"fc_{number:D8}{index}";
            StreamEvent Arguments(string name, string member, string text) =>
                new(name, new JsonObject { ["item_id"] = id, ["output_index"] = index, [member] = text });

            yield return Item("response.output_item.added", index, Call(id, call, "in_progress", string.Empty));
            yield return Arguments("response.function_call_arguments.delta", "delta", call.Arguments);
            yield return Arguments("response.function_call_arguments.done", "arguments", call.Arguments);
            yield return Item("response.output_item.done", index, Call(id, call, "completed", call.Arguments));
        }
    }

    private static IEnumerable<JsonNode> Items(int number, Turn turn) => turn.Calls.Count > 0
        ? turn.Calls.Select((call, index) => Call($"fc_{number:D8}{index}", call, "completed", call.Arguments))
        : [Message(number, Status(turn), turn.Text)];

    private static JsonObject Response(
        int number, Turn turn, JsonObject request, string status, JsonArray output, TokenUsage? usage) => new()
        {
            ["id"] = $"resp_{number:D8}",
            ["object"] = "response",
            ["created_at"] = Created,
            ["status"] = status,
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = request["instructions"]?.DeepClone(),
            ["max_output_tokens"] = request["max_output_tokens"]?.DeepClone(),
            ["model"] = turn.Model,
            ["output"] = output,
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["store"] = request["store"]?.DeepClone() ?? true,
            ["temperature"] = 1.0,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = request["tool_choice"]?.DeepClone() ?? "auto",
            ["tools"] = request["tools"]?.DeepClone() ?? new JsonArray(),
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = usage is null ? null : UsageOf(usage),
            ["user"] = null,
            ["metadata"] = request["metadata"]?.DeepClone() ?? new JsonObject(),
        };

    private static JsonObject UsageOf(TokenUsage usage) => new()
    {
        ["input_tokens"] = usage.Prompt,
        ["input_tokens_details"] = OpenAiChat.PromptDetailsOf(usage),
        ["output_tokens"] = usage.Answer,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        ["total_tokens"] = usage.Prompt + usage.Answer,
    };

    private static JsonObject Message(int number, string status, string? text) => new()
    {
        ["id"] = $"msg_{number:D8}",
        ["type"] = "message",
        ["status"] = status,
        ["content"] = text is null ? [] : new JsonArray(TextPart(text)),
        ["role"] = "assistant",
    };

    private static JsonObject TextPart(string text) => new()
    {
        ["type"] = "output_text",
        ["annotations"] = new JsonArray(),
        ["logprobs"] = new JsonArray(),
        ["text"] = text,
    };

    private static JsonObject Call(string id, ToolCall call, string status, string arguments) => new()
    {
        ["id"] = id,
        ["type"] = "function_call",
        ["status"] = status,
        ["arguments"] = arguments,
        ["call_id"] = call.Id,
        ["name"] = call.Name,
    };

    private static StreamEvent Whole(string name, JsonObject response) => new(name, new JsonObject { ["response"] = response });

    private static StreamEvent Item(string name, int index, JsonObject item) =>
        new(name, new JsonObject { ["output_index"] = index, ["item"] = item });

    private static string Status(Turn turn) => turn.IsCutShort ? "incomplete" : "completed";
}
