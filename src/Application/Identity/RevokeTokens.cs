using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Revokes every usable access token of an account.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "revoke tokens")]
[Refuses(typeof(UserErrors), nameof(UserErrors.NotFound))]
public sealed record RevokeTokensCommand : IRequest<RevokedTokens>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    public Supplied<string> UserId { get; init; }
}

/// <summary>What was revoked.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Revoked">How many tokens were usable until now.</param>
public sealed record RevokedTokens(Guid UserId, int Revoked);

internal sealed class RevokeTokensValidator : OrderedValidator<RevokeTokensCommand>
{
    public RevokeTokensValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("user_id", command => command.UserId));
        RequireConfirmation(command => command.Token.Value);
    }
}

internal sealed class RevokeTokensHandler(IIdentityDb db, IReadCache cache, TimeProvider time)
    : IRequestHandler<RevokeTokensCommand, RevokedTokens>
{
    public async Task<RevokedTokens> Handle(RevokeTokensCommand command, CancellationToken cancellationToken)
    {
        var user = await db.GetAccountAsync(command.UserId.Value, cancellationToken);
        var revoked = await db.RevokeTokensAsync(user.Id, time.GetUtcNow(), cancellationToken);
        cache.Forget();
        return new RevokedTokens(user.Id, revoked);
    }
}
