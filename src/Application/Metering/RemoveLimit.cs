using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Removes a limit: its owner is no longer bound by it, and what was spent stays in the ledger.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set limits")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.LimitNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record RemoveLimitCommand : IRequest<RemovedLimit>, INamesOwner
{
    /// <inheritdoc/>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <inheritdoc/>
    /// <example>api_key</example>
    [Required]
    [AllowedValues("user", "api_key", "team")]
    public Supplied<string> OwnerKind { get; init; }

    /// <inheritdoc/>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> OwnerId { get; init; }

    /// <summary>What is counted.</summary>
    /// <example>key_budget</example>
    [Required]
    [AllowedValues("tokens", "conversations", "key_budget", "team_budget", "requests_per_minute", "tokens_per_minute")]
    public Supplied<string> Meter { get; init; }
}

/// <summary>A limit that is gone.</summary>
/// <param name="Owner">Whose it was.</param>
/// <param name="Meter">What it limited.</param>
/// <param name="Amount">How much it allowed a period.</param>
public sealed record RemovedLimit(LedgerOwner Owner, Meter Meter, long Amount);

internal sealed class RemoveLimitValidator : OwnerRules<RemoveLimitCommand>
{
    public RemoveLimitValidator()
    {
        RequireOwner(("meter", command => command.Meter));
        RequireMeter(command => command.Meter, SpendingLimit.Meters);
    }
}

internal sealed class RemoveLimitHandler(IMeteringDb db, TermsChanges changes, ITokenGrants tokens, AccountOrders orders)
    : IRequestHandler<RemoveLimitCommand, RemovedLimit>
{
    public async Task<RemovedLimit> Handle(RemoveLimitCommand command, CancellationToken cancellationToken)
    {
        // The owner may be gone; their limit can be removed all the same.
        var (kind, id, meter) = (LedgerNames.OwnerKindOf(command.OwnerKind), LedgerNames.IdOf(command.OwnerId), LedgerNames.MeterOf(command.Meter));
        var limit = await db.SpendingLimits.FirstOrDefaultAsync(
            row => row.OwnerId == id && row.OwnerKind == kind && row.Meter == meter, cancellationToken)
            ?? throw new RefusedException(AccountErrors.LimitNotFound);
        db.SpendingLimits.Remove(limit);
        await changes.SaveAsync(cancellationToken);
        if (limit is { OwnerKind: OwnerKind.User, Meter: Meter.Tokens })
        {
            // The tokens of the plan bind again, from this month on.
            await tokens.GrantPlanAsync(limit.OwnerId, orders.Order("the limit was removed"), cancellationToken);
        }

        return new RemovedLimit(new LedgerOwner(limit.OwnerKind, limit.OwnerId), limit.Meter, limit.Amount);
    }
}
