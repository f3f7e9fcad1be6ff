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

internal sealed class GetServedModelHandler(IModelCatalogue catalogue, IModelProviders providers, AutoChoice auto)
    : IRequestHandler<GetServedModelQuery, CatalogueModel>
{
    public async Task<CatalogueModel> Handle(GetServedModelQuery request, CancellationToken cancellationToken) =>
        (AutoFields.IsName(request.Model) ? await auto.ListedAsync(cancellationToken) : Served(request.Model))
        ?? throw new RefusedException(RelayErrors.ModelNotFound(AuditText.Cut(request.Model, RelayCommand.MaxModelLength)!));

    private CatalogueModel? Served(string name) =>
        catalogue.Find(name) is { } model && providers.RoutesOf(model).Count > 0 ? model : null;
}
