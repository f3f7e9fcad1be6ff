using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>OpenAI's chat completions, and the older completions.</summary>
internal static class OpenAiChat
{
    private const long Created = 1_760_000_000;

    /// <summary>Words a turn as <c>POST /chat/completions</c> answers.</summary>
    public static WireAnswer Chat(int number, Turn turn, bool tellsUsage) => new(
        turn.Usage,
        () => Completion(number, turn, "chatcmpl", "chat.completion", new JsonObject
        {
            ["index"] = 0,
            ["message"] = Message(turn),
            ["logprobs"] = null,
            ["finish_reason"] = FinishReason(turn),
        }),
        ChatEvents(number, turn, tellsUsage),
        EndsWithDone: true);

    /// <summary>Words a turn as <c>POST /completions</c> answers.</summary>
    public static WireAnswer Text(int number, Turn turn, bool tellsUsage) => new(
        turn.Usage,
        () => Completion(number, turn, "cmpl", "text_completion", TextChoice(turn.Text, FinishReason(turn))),
        TextEvents(number, turn, tellsUsage),
        EndsWithDone: true);

    /// <summary>Usage as both state it.</summary>
    public static JsonObject UsageOf(TokenUsage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt,
        ["completion_tokens"] = usage.Answer,
        ["total_tokens"] = usage.Prompt + usage.Answer,
        ["prompt_tokens_details"] = PromptDetailsOf(usage),
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = usage.Reasoning,
            ["audio_tokens"] = 0,
            ["accepted_prediction_tokens"] = 0,
            ["rejected_prediction_tokens"] = 0,
        },
    };

    /// <summary>Writes are told by OpenRouter, which does not tell for how long they are kept; OpenAI itself leaves them out.</summary>
    public static JsonObject PromptDetailsOf(TokenUsage usage)
    {
        var details = new JsonObject { ["cached_tokens"] = usage.Cached, ["audio_tokens"] = 0 };
        if (usage.Written + usage.WrittenLong > 0)
        {
            details["cache_write_tokens"] = usage.Written + usage.WrittenLong;
        }

        return details;
    }

    private static JsonObject Message(Turn turn)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = turn.Calls.Count > 0 ? null : turn.Text,
            ["refusal"] = null,
            ["annotations"] = new JsonArray(),
        };
        if (turn.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. turn.Calls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        return message;
    }

    private static IEnumerable<StreamEvent> ChatEvents(int number, Turn turn, bool tellsUsage)
    {
        StreamEvent Event(JsonObject delta, string? finish = null, string? piece = null) => new(null, Chunk(
            number, turn, tellsUsage, "chatcmpl", "chat.completion.chunk", new JsonObject
            {
                ["index"] = 0,
                ["delta"] = delta,
                ["logprobs"] = null,
                ["finish_reason"] = finish,
            }))
        { Piece = piece };

        yield return Event(new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = turn.Calls.Count > 0 ? null : string.Empty,
            ["refusal"] = null,
        });
        foreach (var piece in turn.Pieces)
        {
            yield return Event(new JsonObject { ["content"] = piece }, piece: piece);
        }

        foreach (var (index, call) in turn.Calls.Index())
        {
            yield return Event(ToolDelta(index, call, arguments: string.Empty));
            foreach (var part in Halves(call.Arguments))
            {
                yield return Event(ToolDelta(index, null, part));
            }
        }

        yield return Event([], FinishReason(turn));
        if (tellsUsage && turn.Usage is { } usage)
        {
            yield return LastEvent(number, turn, usage, "chatcmpl", "chat.completion.chunk");
        }
    }

    private static IEnumerable<StreamEvent> TextEvents(int number, Turn turn, bool tellsUsage)
    {
        foreach (var piece in turn.Pieces)
        {
            yield return new StreamEvent(
                null, Chunk(number, turn, tellsUsage, "cmpl", "text_completion", TextChoice(piece, null)))
            { Piece = piece };
        }

        yield return new StreamEvent(
            null, Chunk(number, turn, tellsUsage, "cmpl", "text_completion", TextChoice(string.Empty, FinishReason(turn))));
        if (tellsUsage && turn.Usage is { } usage)
        {
            yield return LastEvent(number, turn, usage, "cmpl", "text_completion");
        }
    }

    private static StreamEvent LastEvent(int number, Turn turn, TokenUsage usage, string prefix, string kind)
    {
        var chunk = Chunk(number, turn, tellsUsage: true, prefix, kind, choice: null);
        chunk["usage"] = UsageOf(usage);
        return new StreamEvent(null, chunk) { Usage = usage };
    }

    private static JsonObject Completion(int number, Turn turn, string prefix, string kind, JsonObject choice)
    {
        var body = Envelope(number, turn, prefix, kind, choice);
        if (turn.Usage is { } usage)
        {
            body["usage"] = UsageOf(usage);
        }

        return body;
    }

    /// <summary>Where usage is asked for, every chunk but the last has it as null.</summary>
    private static JsonObject Chunk(int number, Turn turn, bool tellsUsage, string prefix, string kind, JsonObject? choice)
    {
        var chunk = Envelope(number, turn, prefix, kind, choice);
        if (tellsUsage)
        {
            chunk["usage"] = null;
        }

        return chunk;
    }

    private static JsonObject Envelope(int number, Turn turn, string prefix, string kind, JsonObject? choice) => new()
    {
        ["id"] = $"{prefix}-{number:D8}",
        ["object"] = kind,
        ["created"] = Created,
        ["model"] = turn.Model,
        ["choices"] = choice is null ? [] : new JsonArray(choice),
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_0123456789",
    };

    private static JsonObject TextChoice(string text, string? finish) => new()
    {
        ["text"] = text,
        ["index"] = 0,
        ["logprobs"] = null,
        ["finish_reason"] = finish,
    };

    private static JsonObject ToolDelta(int index, ToolCall? call, string arguments)
    {
        var delta = new JsonObject { ["index"] = index };
        var function = new JsonObject();
        if (call is not null)
        {
            (delta["id"], delta["type"], function["name"]) = (call.Id, "function", call.Name);
        }

        function["arguments"] = arguments;
        delta["function"] = function;
        return new JsonObject { ["tool_calls"] = new JsonArray(delta) };
    }

    private static string[] Halves(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    private static string FinishReason(Turn turn) => turn switch
    {
        { Calls.Count: > 0 } => "tool_calls",
        { IsCutShort: true } => "length",
        _ => "stop",
    };
}
