using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the providers of this process, and how they are.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view providers")]
public sealed record ListProvidersQuery : IRequest<IReadOnlyList<ProviderStatus>>;

internal sealed class ListProvidersHandler(IProviderHealth providers) : IRequestHandler<ListProvidersQuery, IReadOnlyList<ProviderStatus>>
{
    public Task<IReadOnlyList<ProviderStatus>> Handle(ListProvidersQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(providers.Report());
}
