using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Tells which hosts of many vendors' models can be named.</summary>
[RequireCredential(CredentialKind.Any)]
public sealed record ListProxyHostsQuery : IRequest<ProxyHosts>;

/// <summary>The hosts that can be named.</summary>
/// <param name="UserId">Who asks.</param>
/// <param name="Names">Their names, in lower case.</param>
/// <param name="Now">The time of the answer, UTC.</param>
public sealed record ProxyHosts(Guid UserId, IReadOnlyList<string> Names, DateTimeOffset Now);

internal sealed class ListProxyHostsHandler(CallRecord record, ICallContext call) : IRequestHandler<ListProxyHostsQuery, ProxyHosts>
{
    public Task<ProxyHosts> Handle(ListProxyHostsQuery request, CancellationToken cancellationToken) =>
        Task.FromResult(new ProxyHosts(record.RequiredCaller.UserId, ProxyHost.Names, call.StartedAt));
}
