namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Calls models by their public names; which provider serves one is the catalogue's and the configuration's business.</summary>
public interface IModelGateway
{
    /// <summary>Completes a chat, falling back over the model's routes as far as that is safe.</summary>
    /// <param name="prompt">What to complete.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    /// <exception cref="Domain.Shared.RefusedException">The provider refused the request, failed, or is not configured.</exception>
    Task<ChatAnswer> CompleteAsync(ChatPrompt prompt, CancellationToken cancellationToken);

    /// <summary>Whether some configured provider serves this embedding model; the Sandbox does not count.</summary>
    /// <param name="model">Public name of the model.</param>
    bool CanEmbed(string model);

    /// <summary>Turns texts into vectors, one each, in order.</summary>
    /// <param name="model">Public name of the model.</param>
    /// <param name="texts">The texts; at most 64.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    /// <exception cref="Domain.Shared.RefusedException">The provider refused the request, failed, or is not configured.</exception>
    Task<EmbeddingAnswer> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken);
}

/// <summary>One message of a chat.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
public sealed record ChatMessage(string Role, string Content);

/// <summary>A chat to complete. What is <see langword="null"/> is not sent to the provider.</summary>
/// <param name="Model">Public name of the model.</param>
/// <param name="Messages">The conversation, oldest first.</param>
public sealed record ChatPrompt(string Model, IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>Randomness, 0 to 1 on this surface.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>−2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>−2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Most tokens of the answer.</summary>
    public int? MaxTokens { get; init; }

    /// <summary><c>response_format.type</c>: <c>text</c> or <c>json_object</c>.</summary>
    public string? ResponseFormat { get; init; }
}

/// <summary>Tokens that the provider counted.</summary>
/// <param name="PromptTokens">Tokens of the prompt, zero or more.</param>
/// <param name="CompletionTokens">Tokens of the answer, zero or more.</param>
/// <param name="CachedTokens">Tokens of the prompt that the provider had cached; <see langword="null"/> where it does not say.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int? CachedTokens)
{
    /// <summary>Tokens of the prompt that the provider wrote to its cache; part of them.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>Tokens of the answer that the model thought with; part of them.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Prompt and answer together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}

/// <summary>A completed chat.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Model">The model as the provider names it, at most 100 characters; <see langword="null"/> where it does not say.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Usage">What it took.</param>
public sealed record ChatAnswer(string Text, string? Model, string Provider, TokenUsage Usage);

/// <summary>Vectors of some texts.</summary>
/// <param name="Vectors">One vector a text, in order, all of one length.</param>
/// <param name="Usage">What it took.</param>
public sealed record EmbeddingAnswer(IReadOnlyList<ReadOnlyMemory<float>> Vectors, TokenUsage Usage);
