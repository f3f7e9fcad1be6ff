using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Anthropic's API, and hosts that speak it: one operation, a key in a header of its own, and a version with every request.</summary>
internal sealed class AnthropicAdapter(ProviderTransport transport) : IProviderAdapter
{
    private const string VersionHeader = "anthropic-version";

    private const string Version = "2023-06-01";

    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal) { ProviderOperations.Messages };

    private static readonly HashSet<string> ClientHeaders = new(StringComparer.OrdinalIgnoreCase) { VersionHeader, "anthropic-beta" };

    public ProviderKind Kind => ProviderKind.Anthropic;

    public IModelProvider Create(ProviderSettings settings)
    {
        var address = new ProviderAddress(settings.Endpoint!)
        {
            Credential = (ProviderHeaders.CredentialOf(Kind), settings.ApiKey!),
            Defaults = [(VersionHeader, Version)],
            Configured = settings.Headers,
            FromClients = ClientHeaders,
        };
        return new HttpModelProvider(settings, address, Operations, transport);
    }
}
