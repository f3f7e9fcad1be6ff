using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the models of the hosts that offer models of many vendors, as each of them tells.</summary>
[RequireCredential(CredentialKind.Any)]
[Refuses(typeof(ProxyErrors), nameof(ProxyErrors.UnknownProvider))]
public sealed record ListProxyModelsQuery(Supplied<string> Provider) : IRequest<IReadOnlyList<HostModels>>;

internal sealed class ListProxyModelsHandler(IHostModels hosts) : IRequestHandler<ListProxyModelsQuery, IReadOnlyList<HostModels>>
{
    public async Task<IReadOnlyList<HostModels>> Handle(ListProxyModelsQuery request, CancellationToken cancellationToken)
    {
        var wanted = ProxyHost.Providers.Where(name => request.Provider.IsLeftOut || name.Equals(request.Provider.Or(string.Empty), StringComparison.OrdinalIgnoreCase));
        var lists = await Task.WhenAll(wanted.Select(name => hosts.OfAsync(name, cancellationToken)));
        return lists.Length > 0 ? lists : throw new RefusedException(ProxyErrors.UnknownProvider);
    }
}
