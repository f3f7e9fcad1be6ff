namespace AiPlatform.Infrastructure.Gateway;

/// <summary>How a provider is spoken to.</summary>
internal enum ProviderKind
{
    OpenAI,
    AzureOpenAI,
    Sandbox,
}

/// <summary>A provider with what it needs to be called.</summary>
/// <param name="name">The name of its section.</param>
/// <param name="kind">How it is spoken to.</param>
internal sealed class ProviderSettings(string name, ProviderKind kind)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    public string Name { get; } = name;

    public ProviderKind Kind { get; } = kind;

    /// <summary>Base address; the Sandbox has none.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Some hosts of one's own ask for none.</summary>
    public string? ApiKey { get; init; }

    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Upstream ids by public name.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();
}
