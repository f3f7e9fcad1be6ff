using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Makes an API key (<c>sk_live_…</c>) for the caller.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(LiveKeyErrors), nameof(LiveKeyErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record CreateLiveKeyCommand : IRequest<CreatedLiveKey>
{
    /// <summary>Most days that a key is good for.</summary>
    public const int MaxDays = 3650;

    /// <summary>What the key is called.</summary>
    /// <example>My key</example>
    [Required]
    [MaxLength(ApiKey.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>How many days it is good for; left out for a key that stays.</summary>
    /// <example>90</example>
    [Range(1, MaxDays)]
    public Supplied<int> ExpiresInDays { get; init; }
}

/// <summary>A key without its secret.</summary>
/// <param name="Id">The key.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Preview">Its first characters.</param>
/// <param name="Active">Whether it is accepted.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it ends, UTC; <see langword="null"/> for a key that stays.</param>
public sealed record LiveKeyView(Guid Id, string? Name, string Preview, bool Active, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static LiveKeyView Of(ApiKey key, DateTimeOffset now) =>
        new(key.Id, key.Name, $"{key.Prefix}...", key.Active && !(now >= key.ExpiresAt), key.CreatedAt, key.ExpiresAt);
}

/// <summary>A new key.</summary>
/// <param name="Key">The key without its secret.</param>
/// <param name="Secret">The secret, shown only now.</param>
public sealed record CreatedLiveKey(LiveKeyView Key, string Secret);

/// <summary>What is refused about keys; the words are those of seed 003.</summary>
public static class LiveKeyErrors
{
    /// <summary>Most keys in force of one account.</summary>
    public const int Most = 100;

    /// <summary>The account has as many as it may have.</summary>
    public static readonly Error TooMany =
        new("too_many_keys", ErrorKind.Conflict, $"There are {Most} API keys already. Revoke one that is not used any more.");

    /// <summary>There is no such key of the caller's.</summary>
    public static readonly Error NotFound = new("api_key_not_found", ErrorKind.NotFound, "API key not found or access denied");
}

internal static class LiveKeys
{
    /// <summary>The keys of this form that an account has not revoked.</summary>
    public static IQueryable<ApiKey> LiveKeysOf(this IIdentityDb db, Guid userId) =>
        db.ApiKeys.Where(key => key.UserId == userId && key.Kind == ApiKeyKind.SkLive && key.RevokedAt == null);
}

internal sealed class CreateLiveKeyValidator : AccountRules<CreateLiveKeyCommand>
{
    public CreateLiveKeyValidator()
    {
        RequireLine("name", command => command.Name, ApiKey.MaxNameLength);
        RequireWhole("expires_in_days", command => command.ExpiresInDays, 1, CreateLiveKeyCommand.MaxDays, optional: true);
    }
}

internal sealed class CreateLiveKeyHandler(IIdentityDb db, ISecretIssuer secrets, OwnCall own) : IRequestHandler<CreateLiveKeyCommand, CreatedLiveKey>
{
    public async Task<CreatedLiveKey> Handle(CreateLiveKeyCommand command, CancellationToken cancellationToken)
    {
        var userId = own.Caller.UserId;
        if (await db.LiveKeysOf(userId).CountAsync(cancellationToken) >= LiveKeyErrors.Most)
        {
            throw new RefusedException(LiveKeyErrors.TooMany);
        }

        var secret = secrets.NewApiKey(ApiKeyKind.SkLive);
        var kept = secrets.Hash(secret) with { Prefix = secret[..ApiKeyForms.ShownOf(ApiKeyKind.SkLive)] };
        var key = new ApiKey(userId, ApiKeyKind.SkLive, kept, own.Now);
        key.Rename(command.Name.Value);
        if (command.ExpiresInDays.IsGiven)
        {
            key.ExpireAt(key.CreatedAt.AddDays(command.ExpiresInDays.Value));
        }

        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedLiveKey(LiveKeyView.Of(key, own.Now), secret);
    }
}
