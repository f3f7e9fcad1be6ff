namespace AiPlatform.Infrastructure.Gateway;

/// <summary>How a provider is spoken to.</summary>
internal enum ProviderKind
{
    OpenAI,
    AzureOpenAI,
    Anthropic,
    Sandbox,
}

/// <summary>A provider with what it needs to be called.</summary>
/// <param name="name">The name of its section.</param>
/// <param name="kind">How it is spoken to.</param>
internal sealed class ProviderSettings(string name, ProviderKind kind)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Well under the expiry of a hold, so that no call outlives the money set aside for it.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan DefaultQueueTimeout = TimeSpan.FromSeconds(5);

    public string Name { get; } = name;

    public ProviderKind Kind { get; } = kind;

    /// <summary>Base address; the Sandbox has none.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Some hosts of one's own ask for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Headers of every request, beside that of the key. Their values may be secrets.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Time for a whole answer, or for the status of a streamed one; it covers every attempt.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Time that a stream may be silent.</summary>
    public TimeSpan IdleTimeout { get; init; } = DefaultTimeout;

    /// <summary>Time for a whole stream, however much comes of it.</summary>
    public TimeSpan StreamTimeout { get; init; } = LongestTimeout;

    /// <summary>Calls at a time; <see langword="null"/> for no limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Time that a call waits for its turn.</summary>
    public TimeSpan QueueTimeout { get; init; } = DefaultQueueTimeout;

    /// <summary>Whether it has OpenAI's Responses API.</summary>
    public bool HasResponses { get; init; }

    /// <summary>Upstream ids by public name.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();
}
