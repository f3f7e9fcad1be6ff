namespace AiPlatform.Infrastructure.Gateway;

/// <summary>The section <c>Providers</c> as configured, before anything in it is believed.</summary>
public sealed class GatewayOptions
{
    /// <summary>The section's key.</summary>
    public const string SectionName = "Providers";

    /// <summary>One section a provider, by name.</summary>
    public Dictionary<string, ProviderSection> Providers { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The section of one provider. Values are kept as text, so that a wrong one can be answered with its key.</summary>
public sealed class ProviderSection
{
    /// <summary><c>OpenAI</c> (any host that speaks OpenAI's API), <c>AzureOpenAI</c>, <c>Anthropic</c> or <c>Sandbox</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// Base address: with its version for the kinds <c>OpenAI</c> (<c>https://api.openai.com/v1</c>) and <c>Anthropic</c>, the resource's own for
    /// <c>AzureOpenAI</c> (<c>https://name.openai.azure.com</c>).
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The provider's key; never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Time for a whole answer, or for the status of a streamed one, <c>hh:mm:ss</c>; 1 second to 10 minutes, 100 seconds where none
    /// is set.
    /// </summary>
    public string? Timeout { get; set; }

    /// <summary>Time that a stream may be silent, <c>hh:mm:ss</c>; 1 second to 10 minutes, <see cref="Timeout"/> where none is set.</summary>
    public string? IdleTimeout { get; set; }

    /// <summary>Time for a whole stream, <c>hh:mm:ss</c>; 1 second to 10 minutes, 10 minutes where none is set.</summary>
    public string? StreamTimeout { get; set; }

    /// <summary>Calls that the provider takes at a time, 1 to 10,000; no limit where none is set.</summary>
    public string? MaxConcurrency { get; set; }

    /// <summary>Time that a call above <see cref="MaxConcurrency"/> waits, <c>hh:mm:ss</c>; at most a minute, 5 seconds where none is set.</summary>
    public string? QueueTimeout { get; set; }

    /// <summary>Whether the provider has OpenAI's Responses API; where it is not set, OpenAI and Azure OpenAI have it.</summary>
    public string? Responses { get; set; }

    /// <summary>The Sandbox only: whether it serves models; where it is not set, everywhere but in Production.</summary>
    public string? Enabled { get; set; }

    /// <summary>Headers that the provider wants with every request, beside that of the key; their values are never logged.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What this provider calls a model, by the model's public name. A model that the catalogue does not route to this provider
    /// is routed to it by being named, after the catalogue's own routes.
    /// </summary>
    public Dictionary<string, string> Models { get; } = new(StringComparer.OrdinalIgnoreCase);
}
