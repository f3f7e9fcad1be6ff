using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Serves a client of OpenAI's Responses API by a provider of its chat completions. Nothing is stored, and every answer says so.
/// <para>Dropped from a request: <c>store</c>, <c>include</c> (but for log probabilities), <c>truncation</c>, <c>service_tier</c>,
/// <c>prompt_cache_key</c>, <c>safety_identifier</c>, <c>reasoning.summary</c>, <c>top_logprobs</c>, items of reasoning, and what
/// nobody knows. <c>metadata</c> is repeated in the answer and not sent on.</para>
/// <para>Refused: <c>previous_response_id</c>, <c>conversation</c>, <c>prompt</c> and references to items, which need a stored
/// state; <c>background</c>; tools that OpenAI runs, and items of such tools; files that are named by id.</para>
/// <para>The limit is written as <c>max_tokens</c>, the name that every host knows; who sends the request may rename it. A
/// streamed answer is asked for its usage.</para>
/// <para>Not kept from an answer: log probabilities, and what the model reasoned.</para>
/// </summary>
internal sealed class ResponsesOverChat : ITranslation
{
    private ResponseEcho _echo = ResponseEcho.Empty;

    /// <inheritdoc/>
    public string ProviderOperation => ProviderOperations.ChatCompletions;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body) => TranslatedBody.OfRequest(body, (request, target) =>
    {
        ResponsesOverChatRequest.Write(request, target);
        _echo = ResponseEcho.Of(request);
    });

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body) => TranslatedBody.OfAnswer(body, WriteAnswer);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body) => ProviderError.Read(status, body).ToChat(status);

    /// <inheritdoc/>
    public IStreamTranslation Stream() => new ResponsesOverChatStream(_echo);

    private void WriteAnswer(JsonElement answer, Utf8JsonWriter target)
    {
        if (answer.First("choices") is not { } choice || choice.Member("message", JsonValueKind.Object) is not { } message)
        {
            throw new FormatException("The answer has no message.");
        }

        var response = new ResponseDraft(_echo);
        response.Begin(answer);
        if (message.Words("content") is { } content)
        {
            response.AddMessage(ResponseItemKind.Text).Text.Append(JsonText.Escaped(content));
        }

        if (message.Words("refusal") is { } refusal)
        {
            response.AddMessage(ResponseItemKind.Refusal).Text.Append(JsonText.Escaped(refusal));
        }

        foreach (var call in message.Items("tool_calls"))
        {
            if (call.Member("function", JsonValueKind.Object) is not { } function)
            {
                throw new FormatException("The answer calls a tool that is no function.");
            }

            var item = response.AddCall(call.Words("id"));
            item.Name = function.Text("name") is { } name ? JsonText.Escaped(name).ToArray() : [];
            item.Text.Append(function.Text("arguments") is { } arguments ? JsonText.Escaped(arguments) : default);
            item.CompleteArguments();
        }

        response.FinishReason = choice.Text("finish_reason")?.GetString();
        response.Usage = answer.Member("usage", JsonValueKind.Object) is { } usage ? TokenCounts.OfChat(usage) : default;
        response.Write(target, response.FinalStatus);
    }
}
