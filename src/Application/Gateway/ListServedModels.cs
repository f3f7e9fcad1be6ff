using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the models that the caller can call now, <c>auto</c> among them.</summary>
[RequireCredential(CredentialKind.Any)]
public sealed record ListServedModelsQuery : IRequest<IReadOnlyList<CatalogueModel>>;

internal sealed class ListServedModelsHandler(IModelCatalogue catalogue, IModelProviders providers, CallerModels models, AutoChoice auto)
    : IRequestHandler<ListServedModelsQuery, IReadOnlyList<CatalogueModel>>
{
    public async Task<IReadOnlyList<CatalogueModel>> Handle(ListServedModelsQuery request, CancellationToken cancellationToken)
    {
        var allowed = await models.AllowedOfAsync(catalogue.Models.Where(model => providers.RoutesOf(model).Count > 0), cancellationToken);
        return await auto.ListedAsync(cancellationToken) is { } choosing ? [.. allowed.Prepend(choosing).OrderBy(model => model.Name, StringComparer.Ordinal)] : allowed;
    }
}
