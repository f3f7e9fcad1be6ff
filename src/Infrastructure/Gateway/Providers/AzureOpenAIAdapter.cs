using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Azure OpenAI's v1 API: the same requests, where the model is the deployment and the key has a header of its own.</summary>
internal sealed class AzureOpenAIAdapter(ProviderTransport transport) : IProviderAdapter
{
    private const string VersionPath = "/openai/v1";

    public ProviderKind Kind => ProviderKind.AzureOpenAI;

    public IModelProvider Create(ProviderSettings settings)
    {
        var address = new ProviderAddress(RootOf(settings.Endpoint!))
        {
            Credential = (ProviderHeaders.CredentialOf(Kind), settings.ApiKey!),
            Configured = settings.Headers,
            FromClients = OpenAIApi.ClientHeaders,
        };
        return new HttpModelProvider(settings, address, OpenAIApi.OperationsOf(settings), transport);
    }

    /// <summary>Both the resource's address and that of its v1 API are in use; the portal shows either.</summary>
    private static Uri RootOf(Uri endpoint)
    {
        var address = endpoint.AbsoluteUri.TrimEnd('/');
        return new Uri(address.EndsWith(VersionPath, StringComparison.OrdinalIgnoreCase) ? address : address + VersionPath);
    }
}
