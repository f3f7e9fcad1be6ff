using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Shows one model that can be called now.</summary>
[RequireCredential(CredentialKind.Any)]
[Refuses(typeof(RelayErrors), nameof(RelayErrors.ModelNotFound))]
public sealed record GetServedModelQuery(string Model) : IRequest<CatalogueModel>;

internal sealed class GetServedModelHandler(IModelCatalogue catalogue, IModelProviders providers) : IRequestHandler<GetServedModelQuery, CatalogueModel>
{
    public Task<CatalogueModel> Handle(GetServedModelQuery request, CancellationToken cancellationToken) =>
        catalogue.Find(request.Model) is { } model && providers.RoutesOf(model).Count > 0
            ? Task.FromResult(model)
            : throw new RefusedException(RelayErrors.ModelNotFound(AuditText.Cut(request.Model, RelayCommand.MaxModelLength)!));
}
