using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Tells where a browser signs in at Google.</summary>
[AllowAnonymousCaller("whoever wants to sign in has no credential yet")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(GoogleErrors), nameof(GoogleErrors.NotConfigured), nameof(GoogleErrors.Unreachable))]
[OmitBodiesFromAudit]
public sealed record StartGoogleSignInQuery : IRequest<GoogleDeparture>;

internal sealed class StartGoogleSignInHandler(IGoogleSignIn google) : IRequestHandler<StartGoogleSignInQuery, GoogleDeparture>
{
    public Task<GoogleDeparture> Handle(StartGoogleSignInQuery query, CancellationToken cancellationToken) => google.BeginAsync(cancellationToken);
}
