using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Ends the session of the caller, where there is one: all its tokens are refused from then on.</summary>
[AllowAnonymousCaller("who is signed out already is signed out")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(CredentialErrors), nameof(CredentialErrors.ForeignOrigin))]
public sealed record SignOutCommand : IRequest;

internal sealed class SignOutHandler(ICallContext call, ICredentials credentials, CallRecord record, Sessions sessions)
    : IRequestHandler<SignOutCommand, Unit>
{
    public async Task<Unit> Handle(SignOutCommand command, CancellationToken cancellationToken)
    {
        var presented = call.Credential(CredentialKind.Any);
        if (presented.IsForeign)
        {
            throw new RefusedException(CredentialErrors.ForeignOrigin);
        }

        if (presented.Secret is { } secret
            && (await credentials.IdentifyAsync(CredentialKind.Any, secret, cancellationToken)).Caller is { } caller)
        {
            record.Identify(caller);
            if (caller.SessionId is { } sessionId)
            {
                await sessions.EndAsync(caller.UserId, sessionId, cancellationToken);
            }
        }

        return Unit.Value;
    }
}
