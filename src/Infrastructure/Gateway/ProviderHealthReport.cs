using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Operations.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>Tells how providers are: to administrators in full, to a health probe in a word each.</summary>
internal sealed class ProviderHealthReport(
    IOptions<GatewayOptions> options, ConfiguredProviders providers, IHostEnvironment environment) : IProviderHealth, IUpstreamHealth
{
    private readonly ProviderSettingsReader _settings = new(options.Value);

    public IReadOnlyList<ProviderStatus> Report()
    {
        var configured = _settings.Configured.Select(StatusOf).ToList();
        var others = BuiltInProviders.All
            .Where(builtIn => !configured.Exists(status => status.Name.Equals(builtIn.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(builtIn => StatusOf(builtIn.Key, builtIn.Value));
        return [.. configured.Concat(others).OrderBy(status => status.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public IReadOnlyList<UpstreamState> Read() =>
    [
        .. from status in Report()
           let health = status.Health
           where health is not null
           select new UpstreamState(status.Name, WordFor(health.State)),
    ];

    private ProviderStatus StatusOf(ProviderSettings provider) => new(
        provider.Name, provider.Kind.ToString(), provider.Endpoint?.Host, IsConfigured: true, providers.HealthOf(provider.Name));

    private ProviderStatus StatusOf(string name, BuiltInProvider builtIn) => new(
        name,
        builtIn.Kind.ToString(),
        builtIn.Endpoint is { } endpoint ? new Uri(endpoint).Host : null,
        IsConfigured: builtIn.Kind is ProviderKind.Sandbox && _settings.IsSandboxOn(environment),
        Health: null);

    private static string WordFor(ProviderState state) => state switch
    {
        ProviderState.Healthy => "healthy",
        ProviderState.Degraded => "degraded",
        ProviderState.Unhealthy => "unhealthy",
        _ => "idle",
    };
}
