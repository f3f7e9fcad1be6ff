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
    /// <summary><c>OpenAI</c> (any host that speaks OpenAI's API), <c>AzureOpenAI</c> or <c>Sandbox</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// Base address: with its version for the kind <c>OpenAI</c> (<c>https://api.openai.com/v1</c>), the resource's own for
    /// <c>AzureOpenAI</c> (<c>https://name.openai.azure.com</c>).
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The provider's key; never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Time for a whole answer, <c>hh:mm:ss</c>; 1 second to 10 minutes, 100 seconds where none is set.</summary>
    public string? Timeout { get; set; }

    /// <summary>The Sandbox only: whether it serves models; where it is not set, everywhere but in Production.</summary>
    public string? Enabled { get; set; }

    /// <summary>
    /// What this provider calls a model, by the model's public name. A model that the catalogue does not route to this provider
    /// is routed to it by being named, after the catalogue's own routes.
    /// </summary>
    public Dictionary<string, string> Models { get; } = new(StringComparer.OrdinalIgnoreCase);
}
