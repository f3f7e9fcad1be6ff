using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Gateway.Providers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>The providers that the configuration names, and the Sandbox where it has no more than that.</summary>
internal sealed class ConfiguredProviders : IModelProviders, IProviderOverview
{
    private static readonly Func<int, int> Draw = Random.Shared.Next;

    private readonly IModelCatalogue _catalogue;
    private readonly Dictionary<string, (IModelProvider Provider, ProviderSettings Settings)> _configured;
    private readonly IModelProvider? _sandbox;

    public ConfiguredProviders(
        IOptions<GatewayOptions> options, IEnumerable<IProviderAdapter> adapters, IModelCatalogue catalogue, IHostEnvironment environment)
    {
        var byKind = adapters.ToDictionary(adapter => adapter.Kind);
        var settings = new ProviderSettingsReader(options.Value);
        _catalogue = catalogue;
        _configured = settings.Configured.ToDictionary(
            provider => provider.Name,
            provider => (byKind[provider.Kind].Create(provider), provider),
            StringComparer.OrdinalIgnoreCase);
        if (settings.IsSandboxOn(environment))
        {
            _sandbox = byKind[ProviderKind.Sandbox].Create(new ProviderSettings(BuiltInProviders.Sandbox, ProviderKind.Sandbox));
        }
    }

    public IReadOnlyList<ServingRoute> RoutesOf(CatalogueModel model)
    {
        var routes = ConfiguredRoutesOf(model);
        if (routes.Count == 0 && _sandbox is not null && SandboxProvider.Serves(model))
        {
            routes.Add(new ServingRoute(_sandbox, model.Name));
        }

        return routes;
    }

    public bool IsConfigured(CatalogueModel model) => ConfiguredRoutesOf(model).Count > 0;

    public ProviderOverview Describe()
    {
        var unconfigured = _catalogue.Models.Where(model => !IsConfigured(model)).ToList();
        return new ProviderOverview(
            [.. _configured.Values.Select(provider => provider.Settings.Name).Order(StringComparer.Ordinal)],
            [.. unconfigured.Where(model => RoutesOf(model).Count > 0).Select(model => model.Name)],
            [.. unconfigured.Where(model => RoutesOf(model).Count == 0).Select(model => model.Name)]);
    }

    /// <summary>The configured provider of a name; <see langword="null"/> where there is none.</summary>
    public IModelProvider? Find(string name) => _configured.TryGetValue(name, out var known) ? known.Provider : null;

    /// <summary>How a configured provider is; <see langword="null"/> where its traffic is not watched.</summary>
    public ProviderHealth? HealthOf(string name) => (_configured[name].Provider as IWatchedProvider)?.Health;

    /// <summary>
    /// The catalogue's routes in its order, drawn by weight where they share one, under the names that the configuration gives; then those that only the configuration
    /// knows.
    /// </summary>
    private List<ServingRoute> ConfiguredRoutesOf(CatalogueModel model)
    {
        var serving = new List<ServingRoute>(model.Routes.Count);

        // Drawn among those that can be taken: the others would not change the odds between them.
        var open = model.Routes.Where(route => route.Enabled && _configured.ContainsKey(route.Provider));
        foreach (var route in WeightedOrder.Of(open, route => route.Order, route => route.Weight, Draw))
        {
            var (provider, settings) = _configured[route.Provider];
            serving.Add(new ServingRoute(provider, settings.Models.GetValueOrDefault(model.Name, route.UpstreamModel)));
        }

        foreach (var (provider, settings) in _configured.Values)
        {
            if (settings.Models.TryGetValue(model.Name, out var upstreamModel) && !HasRoute(model, settings.Name))
            {
                serving.Add(new ServingRoute(provider, upstreamModel));
            }
        }

        return serving;
    }

    private static bool HasRoute(CatalogueModel model, string provider) =>
        model.Routes.Any(route => route.Provider.Equals(provider, StringComparison.OrdinalIgnoreCase));
}
