namespace AiPlatform.Domain.Metering;

/// <summary>What one model delivered in one call, and through whom.</summary>
/// <param name="Model">Public name of the model.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Usage">What was delivered.</param>
public sealed record Delivery(string Model, string Provider, ModelUsage Usage)
{
    /// <summary>What was asked for, in the caller's word; <see langword="null"/> where the route says it.</summary>
    public string? RequestType { get; init; }

    /// <summary>What the caller notes of it, a JSON object.</summary>
    public string? Metadata { get; init; }
}

/// <summary>
/// Who used what: one row a call that a model answered, written in the transaction of its charge; append-only. What the call
/// cost is in the ledger's entries of the same request.
/// </summary>
public sealed class UsageRecord
{
    /// <summary>Longest name of a model or a provider that is kept, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest word for what was asked for, in characters.</summary>
    public const int MaxTypeLength = 50;

    /// <summary>Longest note of a caller, in characters of JSON.</summary>
    public const int MaxMetadataLength = 4000;

    private UsageRecord()
    {
        RouteKey = Model = Provider = string.Empty;
    }

    /// <summary>Notes what was delivered.</summary>
    /// <param name="hold">The hold of the call.</param>
    /// <param name="apiKeyId">The API key that the call was made with, where it is known.</param>
    /// <param name="delivery">What was delivered; counts below zero are not.</param>
    /// <param name="ownTokens">What the caller's own Tokens account paid, in tokens.</param>
    /// <param name="now">The time of the charge.</param>
    public UsageRecord(Hold hold, Guid? apiKeyId, Delivery delivery, long ownTokens, DateTimeOffset now)
    {
        (RequestId, UserId, RouteKey) = (hold.RequestId, hold.UserId, hold.RouteKey);
        ApiKeyId = apiKeyId;
        (Model, Provider) = (Cut(delivery.Model), Cut(delivery.Provider));
        PromptTokens = Math.Max(0, delivery.Usage.PromptTokens);
        CachedTokens = Math.Clamp(delivery.Usage.CachedTokens, 0, PromptTokens);
        CacheWriteTokens = Math.Clamp(delivery.Usage.CacheWriteTokens, 0, PromptTokens - CachedTokens);
        LongCacheWriteTokens = Math.Clamp(delivery.Usage.LongCacheWriteTokens, 0, PromptTokens - CachedTokens - CacheWriteTokens);
        AnswerTokens = Math.Max(0, delivery.Usage.AnswerTokens);
        ReasoningTokens = Math.Clamp(delivery.Usage.ReasoningTokens, 0, AnswerTokens);
        Images = Math.Max(0, delivery.Usage.Images?.Count ?? 0);
        OwnTokens = ownTokens;
        (RequestType, Metadata) = (delivery.RequestType, delivery.Metadata);
        CreatedAt = now;
    }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>Who called.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The API key that the call was made with, itself or through a token that was issued to it.</summary>
    public Guid? ApiKeyId { get; private set; }

    /// <summary>The route that was called.</summary>
    public string RouteKey { get; private set; }

    /// <summary>Public name of the model.</summary>
    public string Model { get; private set; }

    /// <summary>The provider that served it.</summary>
    public string Provider { get; private set; }

    /// <summary>Tokens of the prompt, cached ones included.</summary>
    public long PromptTokens { get; private set; }

    /// <summary>Tokens of the prompt that the provider had cached.</summary>
    public long CachedTokens { get; private set; }

    /// <summary>Tokens of the prompt that the provider wrote to its cache for its usual time.</summary>
    public long CacheWriteTokens { get; private set; }

    /// <summary>Tokens of the prompt that the provider wrote to its cache for an hour.</summary>
    public long LongCacheWriteTokens { get; private set; }

    /// <summary>Tokens of the answer.</summary>
    public long AnswerTokens { get; private set; }

    /// <summary>Tokens of the answer that the model thought with.</summary>
    public long ReasoningTokens { get; private set; }

    /// <summary>Images made.</summary>
    public int Images { get; private set; }

    /// <summary>What the caller's own Tokens account paid, in tokens; zero where it paid nothing.</summary>
    public long OwnTokens { get; private set; }

    /// <summary>What was asked for, in the caller's word; <see langword="null"/> where the route says it.</summary>
    public string? RequestType { get; private set; }

    /// <summary>What the caller notes of it, a JSON object.</summary>
    public string? Metadata { get; private set; }

    /// <summary>When the call was charged, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    private static string Cut(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];
}
