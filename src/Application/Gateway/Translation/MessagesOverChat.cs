using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Serves a client of Anthropic's Messages API by a provider of OpenAI's chat completions.
/// <para>Dropped from a request, because chat completions have no counterpart: <c>top_k</c>, <c>service_tier</c>,
/// <c>cache_control</c>, <c>container</c>, <c>citations</c>, <c>is_error</c> of a tool's result, and what nobody knows.
/// <c>thinking</c> and <c>output_config.effort</c> are dropped too: the counterpart <c>reasoning_effort</c> is refused by every
/// model that does not reason, and thinking is a wish, not a condition. Blocks of thinking in earlier turns are dropped, since
/// only the model that signed them can read them.</para>
/// <para>Refused, because the answer would be another one than asked for: tools that Anthropic itself runs or defines, those of
/// <c>mcp_servers</c> included, blocks of such tools, and files that are named by id.</para>
/// <para>The limit is written as <c>max_tokens</c>, the name that every host knows; who sends the request may rename it. A
/// streamed answer is asked for its usage.</para>
/// <para>Not kept from an answer: what the model reasoned, and log probabilities.</para>
/// </summary>
internal sealed class MessagesOverChat : ITranslation
{
    /// <inheritdoc/>
    public string ProviderOperation => ProviderOperations.ChatCompletions;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body) => TranslatedBody.OfRequest(body, MessagesOverChatRequest.Write);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body) => TranslatedBody.OfAnswer(body, WriteAnswer);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body) => ProviderError.Read(status, body).ToMessages(status);

    /// <inheritdoc/>
    public IStreamTranslation Stream() => new MessagesOverChatStream();

    /// <summary>Anthropic's name for why a chat completion ended.</summary>
    /// <param name="finishReason">OpenAI's name; <see langword="null"/> where the provider gave none.</param>
    /// <param name="callsTools">Whether the answer calls tools: some hosts then still say that the model simply stopped.</param>
    internal static string StopReason(string? finishReason, bool callsTools) => finishReason switch
    {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ when callsTools => "tool_use",
        _ => "end_turn",
    };

    /// <summary>Writes the members of a message that come before its content.</summary>
    internal static void WriteHead(Utf8JsonWriter target, JsonElement answer)
    {
        target.WriteEscaped("id", "msg_"u8, answer.Text("id") is { } id ? JsonText.Escaped(id) : default);
        target.WriteString("type", "message");
        target.WriteString("role", "assistant");
        target.WriteEscaped("model", default, answer.Text("model") is { } model ? JsonText.Escaped(model) : default);
    }

    private static void WriteAnswer(JsonElement answer, Utf8JsonWriter target)
    {
        if (answer.First("choices") is not { } choice || choice.Member("message", JsonValueKind.Object) is not { } message)
        {
            throw new FormatException("The answer has no message.");
        }

        WriteHead(target, answer);
        target.WriteStartArray("content");
        var refusal = message.Words("refusal");
        if ((message.Words("content") ?? refusal) is { } text)
        {
            target.WriteStartObject();
            target.WriteString("type", "text");
            target.WriteAsIs("text", text);
            target.WriteEndObject();
        }

        var calls = 0;
        foreach (var call in message.Items("tool_calls"))
        {
            WriteToolUse(target, answer, call, calls++);
        }

        target.WriteEndArray();
        var finish = choice.Text("finish_reason")?.GetString();
        target.WriteString("stop_reason", StopReason(refusal is null ? finish : "content_filter", calls > 0));
        target.WriteNull("stop_sequence");
        var usage = answer.Member("usage", JsonValueKind.Object);
        (usage is { } counts ? TokenCounts.OfChat(counts) : default).WriteMessage(target);
    }

    private static void WriteToolUse(Utf8JsonWriter target, JsonElement answer, JsonElement call, int index)
    {
        if (call.Member("function", JsonValueKind.Object) is not { } function)
        {
            throw new FormatException("The answer calls a tool that is no function.");
        }

        target.WriteStartObject();
        target.WriteString("type", "tool_use");
        ToolCallIds.Write(target, "id", answer, call.Words("id"), index);
        target.WriteEscaped("name", default, function.Text("name") is { } name ? JsonText.Escaped(name) : default);
        target.WriteArguments("input", function.Text("arguments"));
        target.WriteEndObject();
    }
}
