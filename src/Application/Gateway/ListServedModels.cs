using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the models that can be called now.</summary>
[RequireCredential(CredentialKind.Any)]
public sealed record ListServedModelsQuery : IRequest<IReadOnlyList<CatalogueModel>>;

internal sealed class ListServedModelsHandler(IModelCatalogue catalogue, IModelProviders providers)
    : IRequestHandler<ListServedModelsQuery, IReadOnlyList<CatalogueModel>>
{
    public Task<IReadOnlyList<CatalogueModel>> Handle(ListServedModelsQuery request, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CatalogueModel>>([.. catalogue.Models.Where(model => providers.RoutesOf(model).Count > 0)]);
}
