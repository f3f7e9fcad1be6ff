using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Any host that speaks OpenAI's API below its endpoint and takes its key as a bearer token.</summary>
internal sealed class OpenAIAdapter(ProviderTransport transport) : IProviderAdapter
{
    public ProviderKind Kind => ProviderKind.OpenAI;

    public IModelProvider Create(ProviderSettings settings)
    {
        var address = new ProviderAddress(settings.Endpoint!)
        {
            Credential = settings.ApiKey is { } key ? (ProviderHeaders.CredentialOf(Kind), $"Bearer {key}") : null,
            Configured = settings.Headers,
            FromClients = OpenAIApi.ClientHeaders,
        };
        return new HttpModelProvider(settings, address, OpenAIApi.OperationsOf(settings), transport);
    }
}
