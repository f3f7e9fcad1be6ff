namespace AiPlatform.Domain.Metering;

/// <summary>Images of one size and quality, as they are priced.</summary>
/// <param name="Count">How many, 1 or more.</param>
/// <param name="Size">Width and height in pixels, <c>1024x1024</c>.</param>
/// <param name="Quality">The provider's word for it, for example <c>standard</c>.</param>
public sealed record ImageBatch(int Count, string Size, string Quality);

/// <summary>What a model delivered in one call.</summary>
/// <param name="PromptTokens">Tokens of the prompt, those from the provider's cache included.</param>
/// <param name="CachedTokens">Tokens of the prompt that the provider had cached.</param>
/// <param name="AnswerTokens">Tokens of the answer, those of its reasoning included.</param>
public sealed record ModelUsage(long PromptTokens, long CachedTokens, long AnswerTokens)
{
    /// <summary>Tokens of the answer that the model thought with; part of <see cref="AnswerTokens"/>.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>Tokens of the prompt that the provider wrote to its cache for its usual time; part of <see cref="PromptTokens"/>.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Tokens of the prompt that the provider wrote to its cache for an hour; part of <see cref="PromptTokens"/>.</summary>
    public long LongCacheWriteTokens { get; init; }

    /// <summary>The images; <see langword="null"/> where there are none.</summary>
    public ImageBatch? Images { get; init; }

    /// <summary>Prompt and answer together.</summary>
    public long TotalTokens => PromptTokens + AnswerTokens;
}
