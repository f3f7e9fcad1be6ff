using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>A secret says by its form what it is, and identifies the same person on every surface and in every header.</summary>
internal sealed class Credentials(
    CredentialReader reader, ISecretIssuer secrets, ISessionTokens sessions, ITokenAuthority authority, TimeProvider time) : ICredentials
{
    // Longer than any secret that is issued; hashing megabytes for a stranger is work not owed.
    internal const int MaxSecretLength = 2048;

    public async Task<Identified> IdentifyAsync(CredentialKind kind, string secret, CancellationToken cancellationToken)
    {
        var identified = secret.Length > MaxSecretLength ? Refuse(CredentialErrors.Invalid) : await IdentifyByFormAsync(secret, cancellationToken);
        return identified.Refusal is { } refusal ? Refuse(CredentialErrors.Worded(refusal, kind)) : identified;
    }

    private static Identified Refuse(Error error) => new(null, error);

    private Task<Identified> IdentifyByFormAsync(string secret, CancellationToken cancellationToken)
    {
        var text = ApiKeyForms.Normalise(secret);
        return ApiKeyForms.FormOf(text) switch
        {
            CredentialForm.ApiKey => IdentifyByKeyAsync(text, cancellationToken),
            CredentialForm.EncryptedKey when reader.KeyIn(text) is { } key => IdentifyByKeyAsync(key, cancellationToken),
            CredentialForm.SessionToken => IdentifyBySessionAsync(text, cancellationToken),
            _ => IdentifyByTokenAsync(text, cancellationToken),
        };
    }

    private async Task<Identified> IdentifyByKeyAsync(string secret, CancellationToken cancellationToken)
    {
        var facts = await reader.OfKeyAsync(secrets.Hash(secret).Hash, cancellationToken);
        return facts is { Accepted: true } && !(time.GetUtcNow() >= facts.ExpiresAt)
            ? Accept(facts, CredentialForm.ApiKey)
            : Refuse(CredentialErrors.Invalid);
    }

    private async Task<Identified> IdentifyBySessionAsync(string token, CancellationToken cancellationToken)
    {
        if (await sessions.ReadAsync(token, cancellationToken) is not { } claims)
        {
            return Refuse(CredentialErrors.Invalid);
        }

        if (time.GetUtcNow() >= claims.ExpiresAt)
        {
            return Refuse(CredentialErrors.TokenExpired);
        }

        var facts = await reader.OfSessionAsync(claims.SessionId, cancellationToken);
        return facts is { Accepted: true } && facts.UserId == claims.UserId && time.GetUtcNow() < facts.ExpiresAt
            ? Accept(facts, CredentialForm.SessionToken)
            : Refuse(CredentialErrors.Invalid);
    }

    private async Task<Identified> IdentifyByTokenAsync(string secret, CancellationToken cancellationToken)
    {
        var facts = await reader.OfTokenAsync(secrets.Hash(secret).Hash, cancellationToken);
        if (facts is null or { Accepted: false, UserDeleted: false })
        {
            return Refuse(CredentialErrors.Invalid);
        }

        if (time.GetUtcNow() >= facts.ExpiresAt)
        {
            return Refuse(CredentialErrors.TokenExpired);
        }

        if (!await authority.VouchesAsync(facts.Issuer, cancellationToken))
        {
            return Refuse(CredentialErrors.TokenNotVouched);
        }

        return facts.UserDeleted
            ? Refuse(CredentialErrors.TokenUserMissing)
            : Accept(facts, CredentialForm.AccessToken);
    }

    private static Identified Accept(CredentialFacts facts, CredentialForm form) => new(ToCaller(facts, form), null);

    private static Caller ToCaller(CredentialFacts facts, CredentialForm form) => new(facts.UserId, facts.UserName, facts.Email, facts.Tier)
    {
        ApiKeyId = form is CredentialForm.ApiKey ? facts.CredentialId : null,
        AccessTokenId = form is CredentialForm.AccessToken ? facts.CredentialId : null,
        SessionId = form is CredentialForm.SessionToken ? facts.CredentialId : null,
        BindingKeyId = facts.BindingKeyId,
        TeamId = facts.TeamId,
        TeamRole = facts.TeamRole,
        StaffLevel = facts.StaffLevel,
    };
}
