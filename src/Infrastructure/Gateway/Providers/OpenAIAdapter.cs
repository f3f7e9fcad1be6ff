using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Any host that speaks OpenAI's API below its endpoint and takes its key as a bearer token.</summary>
internal sealed class OpenAIAdapter(ProviderTransport transport) : IProviderAdapter
{
    public ProviderKind Kind => ProviderKind.OpenAI;

    public IModelProvider Create(ProviderSettings settings) =>
        new HttpModelProvider(
            settings,
            new ProviderAddress(settings.Endpoint!, settings.ApiKey is { } key ? ("Authorization", $"Bearer {key}") : null),
            transport);
}
