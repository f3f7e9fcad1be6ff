using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>Anthropic's messages.</summary>
internal static class AnthropicMessages
{
    /// <summary>Words a turn as <c>POST /messages</c> answers.</summary>
    public static WireAnswer Of(int number, Turn turn) => new(
        turn.Usage, () => Message(number, turn, Content(turn), StopReason(turn), turn.Usage), Events(number, turn), EndsWithDone: false);

    /// <summary>A refusal, as Anthropic words it.</summary>
    public static JsonObject Error(int status, string message, string requestId) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch
            {
                400 => "invalid_request_error",
                401 => "authentication_error",
                402 => "billing_error",
                403 => "permission_error",
                404 => "not_found_error",
                413 => "request_too_large",
                429 => "rate_limit_error",
                529 => "overloaded_error",
                _ => "api_error",
            },
            ["message"] = message,
        },
        ["request_id"] = requestId,
    };

    private static IEnumerable<StreamEvent> Events(int number, Turn turn)
    {
        var opening = turn.Usage is { } whole ? whole with { Answer = Math.Min(1, whole.Answer) } : null;
        yield return Event("message_start", new JsonObject { ["message"] = Message(number, turn, [], null, opening) }) with
        {
            // The prompt is counted; of the answer nothing is written yet.
            Usage = opening is null ? null : opening with { Answer = -1 },
        };
        var blocks = turn.Calls.Count > 0 ? turn.Calls.SelectMany(CallEvents) : TextEvents(turn);
        foreach (var each in blocks)
        {
            yield return each;
        }

        var ending = new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = StopReason(turn), ["stop_sequence"] = null },
        };
        if (turn.Usage is { } usage)
        {
            ending["usage"] = UsageOf(usage);
        }

        yield return Event("message_delta", ending) with { Usage = turn.Usage };
        yield return Event("message_stop", []);
    }

    private static IEnumerable<StreamEvent> TextEvents(Turn turn)
    {
        yield return Start(0, new JsonObject { ["type"] = "text", ["text"] = string.Empty });
        yield return Event("ping", []);
        foreach (var piece in turn.Pieces)
        {
            yield return Delta(0, new JsonObject { ["type"] = "text_delta", ["text"] = piece }) with { Piece = piece };
        }

        yield return Event("content_block_stop", new JsonObject { ["index"] = 0 });
    }

    private static IEnumerable<StreamEvent> CallEvents(ToolCall call, int index)
    {
        yield return Start(index, ToolUse(call, []));
        yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = string.Empty });
        yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = call.Arguments });
        yield return Event("content_block_stop", new JsonObject { ["index"] = index });
    }

    private static JsonObject Message(int number, Turn turn, JsonArray content, string? stopReason, TokenUsage? usage)
    {
        var message = new JsonObject
        {
            ["id"] = $"msg_{number:D8}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = turn.Model,
            ["content"] = content,
            ["stop_reason"] = stopReason,
            ["stop_sequence"] = null,
        };
        if (usage is not null)
        {
            message["usage"] = UsageOf(usage);
        }

        return message;
    }

    /// <summary>Here what the cache is read or written for stands beside the others, not among them.</summary>
    private static JsonObject UsageOf(TokenUsage usage) => new()
    {
        ["input_tokens"] = usage.Prompt - usage.Cached - usage.Written - usage.WrittenLong,
        ["cache_creation_input_tokens"] = usage.Written + usage.WrittenLong,
        ["cache_creation"] = new JsonObject
        {
            ["ephemeral_5m_input_tokens"] = usage.Written,
            ["ephemeral_1h_input_tokens"] = usage.WrittenLong,
        },
        ["cache_read_input_tokens"] = usage.Cached,
        ["output_tokens"] = usage.Answer,
        ["service_tier"] = "standard",
    };

    private static JsonArray Content(Turn turn) => turn.Calls.Count > 0
        ? [.. turn.Calls.Select(call => ToolUse(call, JsonNode.Parse(call.Arguments)!.AsObject()))]
        : [new JsonObject { ["type"] = "text", ["text"] = turn.Text }];

    private static JsonObject ToolUse(ToolCall call, JsonObject input) => new()
    {
        ["type"] = "tool_use",
        ["id"] = call.Id.Replace("call", "toolu", StringComparison.Ordinal),
        ["name"] = call.Name,
        ["input"] = input,
    };

    private static StreamEvent Start(int index, JsonObject block) =>
        Event("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = block });

    private static StreamEvent Delta(int index, JsonObject delta) =>
        Event("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });

    private static StreamEvent Event(string name, JsonObject data)
    {
        data.Insert(0, "type", name);
        return new StreamEvent(name, data);
    }

    private static string StopReason(Turn turn) => turn switch
    {
        { Calls.Count: > 0 } => "tool_use",
        { IsCutShort: true } => "max_tokens",
        _ => "end_turn",
    };
}
