using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the models that the caller can call now.</summary>
[RequireCredential(CredentialKind.Any)]
public sealed record ListServedModelsQuery : IRequest<IReadOnlyList<CatalogueModel>>;

internal sealed class ListServedModelsHandler(IModelCatalogue catalogue, IModelProviders providers, CallerModels models)
    : IRequestHandler<ListServedModelsQuery, IReadOnlyList<CatalogueModel>>
{
    public Task<IReadOnlyList<CatalogueModel>> Handle(ListServedModelsQuery request, CancellationToken cancellationToken) =>
        models.AllowedOfAsync(catalogue.Models.Where(model => providers.RoutesOf(model).Count > 0), cancellationToken);
}
