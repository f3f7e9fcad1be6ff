using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Finds the model that the one proxied request of a call is about.</summary>
/// <param name="catalogue">What is known of models: a model that it routes to the host is that model, with its price.</param>
/// <param name="providers">The hosts that are configured.</param>
/// <param name="models">What the caller may ask.</param>
internal sealed class ProxyTargets(IModelCatalogue catalogue, IModelProviders providers, CallerModels models)
{
    private CatalogueModel? _found;

    /// <summary>Why a request cannot be carried out; <see langword="null"/> where it can.</summary>
    public async Task<Error?> RefusalOfAsync(ProxyModelCommand request, CancellationToken cancellationToken)
    {
        if (request.Host is null)
        {
            return ProxyErrors.UnknownProvider;
        }

        _found = Find(request);
        return _found is null ? ProxyErrors.NotConfigured : await models.RefusalOfAsync(_found.Name, cancellationToken);
    }

    /// <summary>The model of a request that can be carried out.</summary>
    public CatalogueModel Of(ProxyModelCommand request) => _found ?? Find(request) ?? throw new RefusedException(ProxyErrors.NotConfigured);

    private CatalogueModel? Find(ProxyModelCommand request)
    {
        var host = request.Host!;
        var candidates = host.Provider is { } named ? [named] : ProxyHost.Providers;
        return candidates.Select(provider => On(provider, host.Model)).FirstOrDefault(providers.IsConfigured);
    }

    /// <summary>One host serves the request, whatever other routes the catalogue knows.</summary>
    private CatalogueModel On(string provider, string upstreamModel)
    {
        ModelRoute[] route = [new ModelRoute(provider, upstreamModel)];
        var known = catalogue.Models.FirstOrDefault(model => model.Routes.Any(one => one.Provider == provider && one.UpstreamModel == upstreamModel));
        return known is null
            ? new CatalogueModel($"{provider.ToLowerInvariant()}/{upstreamModel}", "proxied", [ModelCapability.Chat, ModelCapability.Embeddings], route)
            : known with { Routes = route };
    }
}
