using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Exchanges a refresh token for a new pair of tokens. Each is good once: a spent one ends the session.</summary>
[AllowAnonymousCaller("the refresh token is the credential")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(CredentialErrors), nameof(CredentialErrors.TooManyFailures))]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.InvalidRefreshToken))]
[OmitBodiesFromAudit]
public sealed record RefreshSessionCommand : IRequest<OpenedSession>
{
    /// <summary>The refresh token.</summary>
    /// <example>the refresh_token that POST /auth/login answered</example>
    [Required]
    public Supplied<string> RefreshToken { get; init; }
}

internal sealed class RefreshSessionValidator : FieldRules<RefreshSessionCommand>
{
    public RefreshSessionValidator()
    {
        RequireField("refresh_token", command => command.RefreshToken, token => token.Length > 0, "the refresh token");
    }
}

internal sealed class RefreshSessionHandler(Sessions sessions, IFailureLimit failures, ICallContext call)
    : IRequestHandler<RefreshSessionCommand, OpenedSession>
{
    public async Task<OpenedSession> Handle(RefreshSessionCommand command, CancellationToken cancellationToken)
    {
        failures.ThrowIfReached(call.IpAddress);
        try
        {
            // Longer than any secret that is issued; hashing megabytes for a stranger is work not owed.
            return command.RefreshToken.Value.Length <= Credentials.MaxSecretLength
                ? OpenedSession.Of(await sessions.RefreshAsync(command.RefreshToken.Value, cancellationToken))
                : throw new RefusedException(SignInErrors.InvalidRefreshToken);
        }
        catch (RefusedException)
        {
            failures.Count(call.IpAddress);
            throw;
        }
    }
}
