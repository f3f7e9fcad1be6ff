using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Serves a client of OpenAI's chat completions by Anthropic's Messages API.
/// <para>Dropped from a request, because messages have no counterpart: <c>frequency_penalty</c>, <c>presence_penalty</c>,
/// <c>seed</c>, <c>logit_bias</c>, <c>store</c>, <c>metadata</c>, <c>service_tier</c>, <c>prediction</c>, <c>verbosity</c>,
/// <c>strict</c> of a tool, <c>detail</c> of a picture, <c>name</c> of a message, and what nobody knows. <c>top_p</c> is dropped
/// beside a <c>temperature</c>, since Anthropic advises to set one of the two. <c>reasoning_effort</c> is dropped: a model that
/// thinks wants its signed thoughts back with a tool's result, and a chat has no place for them.</para>
/// <para>Refused, because the answer would be another one than asked for: <c>n</c> above 1, <c>logprobs</c>, <c>audio</c>,
/// <c>modalities</c> other than text, <c>web_search_options</c>, the old <c>functions</c>, tools that are no functions, and parts
/// of content other than text, pictures and PDF files in base64.</para>
/// <para>A <c>response_format</c> of <c>json_schema</c> becomes <c>output_config.format</c>; one of <c>json_object</c>, which
/// Anthropic does not have, becomes a sentence behind the system prompt.</para>
/// </summary>
/// <param name="now">The time of the call: an answer of Anthropic's has none, and a chat completion has to.</param>
/// <param name="tellsUsage">Whether a stream ends with a chunk that tells the usage, as the client asked for.</param>
internal sealed class ChatOverMessages(DateTimeOffset now, bool tellsUsage) : ITranslation
{
    /// <inheritdoc/>
    public string ProviderOperation => ProviderOperations.Messages;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body) => TranslatedBody.OfRequest(body, ChatOverMessagesRequest.Write);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body) => TranslatedBody.OfAnswer(body, WriteAnswer);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body) => ProviderError.Read(status, body).ToChat(status);

    /// <inheritdoc/>
    public IStreamTranslation Stream() => new ChatOverMessagesStream(now, tellsUsage);

    /// <summary>OpenAI's name for why a message ended.</summary>
    internal static string FinishReason(string? stopReason) => stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    };

    private void WriteAnswer(JsonElement answer, Utf8JsonWriter target)
    {
        if (answer.Member("content", JsonValueKind.Array) is null)
        {
            throw new FormatException("The answer has no content.");
        }

        target.WriteEscaped("id", "chatcmpl-"u8, answer.Text("id") is { } id ? JsonText.Escaped(id) : default);
        target.WriteString("object", "chat.completion");
        target.WriteNumber("created", now.ToUnixTimeSeconds());
        target.WriteEscaped("model", default, answer.Text("model") is { } model ? JsonText.Escaped(model) : default);
        target.WriteStartArray("choices");
        target.WriteStartObject();
        target.WriteNumber("index", 0);
        WriteMessage(answer, target);
        target.WriteNull("logprobs");
        target.WriteString("finish_reason", FinishReason(answer.Text("stop_reason")?.GetString()));
        target.WriteEndObject();
        target.WriteEndArray();
        var usage = answer.Member("usage", JsonValueKind.Object);
        (usage is { } counts ? TokenCounts.OfMessage(counts) : default).WriteChat(target);
    }

    private static void WriteMessage(JsonElement answer, Utf8JsonWriter target)
    {
        var text = new JoinedText();
        var calls = 0;
        foreach (var block in answer.Items("content"))
        {
            calls += block.Is("type", "tool_use") ? 1 : 0;
            if (block.Is("type", "text") && block.Text("text") is { } words)
            {
                text.Append(JsonText.Escaped(words));
            }
        }

        target.WriteStartObject("message");
        target.WriteString("role", "assistant");
        if (text.IsEmpty)
        {
            target.WriteNull("content");
        }
        else
        {
            target.WriteEscaped("content", default, text.Escaped);
        }

        target.WriteNull("refusal");
        if (calls > 0)
        {
            WriteToolCalls(answer, target);
        }

        target.WriteEndObject();
    }

    private static void WriteToolCalls(JsonElement answer, Utf8JsonWriter target)
    {
        target.WriteStartArray("tool_calls");
        var at = 0;
        foreach (var block in answer.Items("content"))
        {
            if (block.Is("type", "tool_use"))
            {
                WriteToolCall(answer, block, at++, target);
            }
        }

        target.WriteEndArray();
    }

    private static void WriteToolCall(JsonElement answer, JsonElement block, int index, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        ToolCallIds.Write(target, "id", answer, block.Words("id"), index);
        target.WriteString("type", "function");
        target.WriteStartObject("function");
        target.WriteEscaped("name", default, block.Text("name") is { } name ? JsonText.Escaped(name) : default);
        target.WriteAsString("arguments", block.Member("input", JsonValueKind.Object));
        target.WriteEndObject();
        target.WriteEndObject();
    }
}
