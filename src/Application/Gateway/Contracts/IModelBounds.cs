using System.Text;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Knows what calls can take of a model at most.</summary>
public interface IModelBounds
{
    /// <summary>The bound of a chat.</summary>
    /// <param name="model">Public name of the model.</param>
    /// <param name="promptTokens">Most tokens of the prompt, see <see cref="TokenBounds"/>.</param>
    /// <param name="maxTokens">Most tokens of the answer that are wanted; <see langword="null"/> for as many as the model writes.</param>
    ModelCallBound OfChat(string model, long promptTokens, int? maxTokens);
}

/// <summary>
/// Upper bounds of token counts without a tokenizer: every token of the byte-level vocabularies that models use stands for one
/// byte of UTF-8 at least, so that a text has no more tokens than bytes.
/// </summary>
public static class TokenBounds
{
    /// <summary>Tokens that wrap one message: role, separators, and what a provider may add.</summary>
    public const int PerMessage = 16;

    /// <summary>Tokens that wrap a prompt as a whole.</summary>
    public const int PerPrompt = 16;

    /// <summary>Most tokens of a text.</summary>
    /// <param name="text">The text.</param>
    public static int OfText(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>Most tokens of a prompt.</summary>
    /// <param name="messages">The conversation.</param>
    public static long OfMessages(IReadOnlyList<ChatMessage> messages) =>
        OfMessages(messages.Sum(message => (long)OfText(message.Content)), messages.Count);

    /// <summary>Most tokens of a prompt.</summary>
    /// <param name="bytes">UTF-8 bytes of its messages together.</param>
    /// <param name="messages">How many messages it has.</param>
    public static long OfMessages(long bytes, int messages) => bytes + (PerMessage * (long)messages) + PerPrompt;

    /// <summary>
    /// What a chat took: the provider's counts. One that it does not report is bounded by bytes, as it was when the hold was
    /// placed; no prompt has zero tokens, and no text.
    /// </summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="answer">What was answered.</param>
    public static ModelUsage UsageOf(ChatPrompt prompt, ChatAnswer answer)
    {
        var (promptTokens, answerTokens, cached) = answer.Usage;
        return new ModelUsage(
            promptTokens > 0 ? promptTokens : OfMessages(prompt.Messages),
            cached ?? 0,
            answerTokens > 0 ? answerTokens : OfText(answer.Text))
        {
            CacheWriteTokens = answer.Usage.CacheWriteTokens,
            ReasoningTokens = answer.Usage.ReasoningTokens,
        };
    }
}
