using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Switches the cache of answers on for an API key, or changes its lifetime.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set caching")]
[Refuses(typeof(CacheErrors), nameof(CacheErrors.KeyNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SwitchCacheOnCommand : IRequest<CachedKey>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The API key, a UUID.</summary>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> ApiKeyId { get; init; }

    /// <summary>How old an answer may be to be given again, in seconds; at most 30 days.</summary>
    /// <example>3600</example>
    [Required]
    [Range(1, AnswerCacheRule.MaxLifetimeSeconds)]
    public Supplied<int> LifetimeSeconds { get; init; }
}

/// <summary>An API key whose calls may be given earlier answers.</summary>
/// <param name="ApiKeyId">The key.</param>
/// <param name="LifetimeSeconds">How old an answer may be, in seconds.</param>
/// <param name="ActorId">The administrator who said so.</param>
/// <param name="ModifiedAt">When, UTC.</param>
public sealed record CachedKey(Guid ApiKeyId, int LifetimeSeconds, Guid ActorId, DateTimeOffset ModifiedAt);

internal sealed class SwitchCacheOnValidator : OrderedValidator<SwitchCacheOnCommand>
{
    /// <summary>Longest id that is looked at, in characters.</summary>
    public const int MaxIdLength = 100;

    public SwitchCacheOnValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("api_key_id", command => command.ApiKeyId), ("lifetime_seconds", command => command.LifetimeSeconds));
        RequireText("api_key_id", command => command.ApiKeyId, MaxIdLength);
        Require(
            command => command.LifetimeSeconds.IsGiven && command.LifetimeSeconds.Value is >= 1 and <= AnswerCacheRule.MaxLifetimeSeconds,
            RequestErrors.Invalid($"lifetime_seconds must be a whole number from 1 to {AnswerCacheRule.MaxLifetimeSeconds}"));
    }
}

internal sealed class SwitchCacheOnHandler(
    IGatewayDb db, CacheRuleChanges changes, IOwnerDirectory owners, ICallContext call, CallRecord record)
    : IRequestHandler<SwitchCacheOnCommand, CachedKey>
{
    public async Task<CachedKey> Handle(SwitchCacheOnCommand command, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(command.ApiKeyId.Value, out var keyId) || await owners.FindKeyAsync(keyId, cancellationToken) is null)
        {
            throw new RefusedException(CacheErrors.KeyNotFound);
        }

        var (seconds, actorId) = (command.LifetimeSeconds.Value, record.RequiredCaller.UserId);
        var rule = await db.AnswerCacheRules.FirstOrDefaultAsync(row => row.ApiKeyId == keyId, cancellationToken);
        if (rule is null)
        {
            rule = new AnswerCacheRule(keyId, seconds, actorId, call.StartedAt);
            db.AnswerCacheRules.Add(rule);
        }
        else
        {
            rule.ChangeTo(seconds, actorId, call.StartedAt);
        }

        await changes.SaveAsync(cancellationToken);
        return new CachedKey(rule.ApiKeyId, rule.LifetimeSeconds, rule.ActorId, rule.ModifiedAt);
    }
}
