using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Shows a model, retired ones included.</summary>
/// <param name="ModelId">The model.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.NotFound))]
public sealed record GetModelQuery(string ModelId) : IRequest<ModelDetails>;

internal sealed class GetModelHandler(ModelChanges models) : IRequestHandler<GetModelQuery, ModelDetails>
{
    public async Task<ModelDetails> Handle(GetModelQuery query, CancellationToken cancellationToken) =>
        ModelDetails.Of(await models.GetAsync(query.ModelId, cancellationToken));
}
