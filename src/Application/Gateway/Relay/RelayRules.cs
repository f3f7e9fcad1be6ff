using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The operations that model APIs name, and that clients of theirs ask for.</summary>
public enum RelayedOperation
{
    /// <summary>OpenAI's <c>POST /v1/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary>OpenAI's <c>POST /v1/completions</c>.</summary>
    Completions,

    /// <summary>OpenAI's <c>POST /v1/embeddings</c>.</summary>
    Embeddings,

    /// <summary>OpenAI's <c>POST /v1/images/generations</c>.</summary>
    ImageGenerations,

    /// <summary>OpenAI's <c>POST /v1/responses</c>.</summary>
    Responses,

    /// <summary>Anthropic's <c>POST /v1/messages</c>.</summary>
    Messages,
}

/// <summary>In what an operation differs from the others.</summary>
/// <param name="Operation">The provider's operation of the same form, one of <see cref="ProviderOperations"/>.</param>
/// <param name="Capability">What a model must be able to do.</param>
/// <param name="AnswerField">The member of a whole answer that lists what was asked for.</param>
internal sealed record RelayRules(string Operation, ModelCapability Capability, string AnswerField)
{
    private const int MiB = 1024 * 1024;

    private static readonly Dictionary<RelayedOperation, RelayRules> Rules = new()
    {
        [RelayedOperation.ChatCompletions] = new(ProviderOperations.ChatCompletions, ModelCapability.Chat, "choices")
        {
            LimitFields = ["max_completion_tokens", "max_tokens"],
            CanStream = true,
        },
        [RelayedOperation.Completions] = new(ProviderOperations.Completions, ModelCapability.Chat, "choices")
        {
            LimitFields = ["max_tokens"],
            LimitField = "max_tokens",
            DefaultLimit = 16,
            CanStream = true,
        },
        [RelayedOperation.Embeddings] = new(ProviderOperations.Embeddings, ModelCapability.Embeddings, "data")
        {
            LargestAnswer = 32 * MiB,
            WritesText = false,
        },
        [RelayedOperation.ImageGenerations] = new(ProviderOperations.ImageGenerations, ModelCapability.Images, "data")
        {
            LargestAnswer = 64 * MiB,
            WritesText = false,
        },
        [RelayedOperation.Responses] = new(ProviderOperations.Responses, ModelCapability.Chat, "output")
        {
            LimitFields = ["max_output_tokens"],
            LimitField = "max_output_tokens",
            CanStream = true,
        },
        [RelayedOperation.Messages] = new(ProviderOperations.Messages, ModelCapability.Chat, "content")
        {
            LimitFields = ["max_tokens"],
            LimitField = "max_tokens",
            NeedsLimit = true,
            CanStream = true,
        },
    };

    /// <summary>The fields that limit the answer's length.</summary>
    public IReadOnlyList<string> LimitFields { get; private init; } = [];

    /// <summary>The one of them that is set where the client sets none; <see langword="null"/> where the model has its own.</summary>
    public string? LimitField { get; private init; }

    /// <summary>The limit that providers apply where none is set, as documented; <see langword="null"/> where it is the model's.</summary>
    public int? DefaultLimit { get; private init; }

    /// <summary>Whether a request without a limit is refused.</summary>
    public bool NeedsLimit { get; private init; }

    /// <summary>Whether the answer is text, whose tokens count.</summary>
    public bool WritesText { get; private init; } = true;

    /// <summary>Whether the answer can come as a stream of events.</summary>
    public bool CanStream { get; private init; }

    /// <summary>Most bytes of an answer that is not streamed.</summary>
    public int LargestAnswer { get; private init; } = 16 * MiB;

    public static RelayRules Of(RelayedOperation operation) => Rules[operation];

    /// <summary>The rules of the form in which a provider is asked.</summary>
    /// <param name="operation">One of <see cref="ProviderOperations"/>.</param>
    public static RelayRules OfProvider(string operation) => Rules.Values.First(rules => rules.Operation == operation);
}
