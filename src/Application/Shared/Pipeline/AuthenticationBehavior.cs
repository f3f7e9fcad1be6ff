using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Resolves the credential that the request declares.</summary>
internal sealed class AuthenticationBehavior<TRequest, TResponse>(
    ICallContext call, CallRecord record, ICredentials credentials, IFailureLimit failures) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (RequestPolicy.For<TRequest>.Policy.Credential is { Kind: var kind })
        {
            record.Identify(await IdentifyAsync(kind, cancellationToken));
        }

        return await next();
    }

    private async Task<Caller> IdentifyAsync(CredentialKind kind, CancellationToken cancellationToken)
    {
        var presented = call.Credential(kind);
        if (presented.IsMissing)
        {
            throw new RefusedException(CredentialErrors.MissingOf(kind));
        }

        if (presented.IsForeign)
        {
            throw new RefusedException(CredentialErrors.ForeignOrigin);
        }

        failures.ThrowIfReached(call.IpAddress);
        var (caller, refusal) = presented.IsAmbiguous
            ? new Identified(null, CredentialErrors.InvalidOf(kind))
            : await credentials.IdentifyAsync(kind, presented.Secret!, cancellationToken);
        if (caller is not null)
        {
            return caller;
        }

        failures.Count(call.IpAddress);
        throw new RefusedException(refusal!);
    }
}
