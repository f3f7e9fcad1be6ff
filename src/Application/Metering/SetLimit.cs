using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Sets what an owner may take of a meter in each of its periods, the current one included.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set limits")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.OwnerNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SetLimitCommand : IRequest<OwnerAccount>, INamesOwner
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

    /// <summary>
    /// How much a period: nano-USD of a budget (1,000,000,000 are one dollar), else whole tokens, conversations or requests; 0
    /// refuses every call.
    /// </summary>
    /// <example>25000000000</example>
    [Required]
    [Range(0, SpendingLimit.MaxAmount)]
    public Supplied<long> Amount { get; init; }
}

internal sealed class SetLimitValidator : OwnerRules<SetLimitCommand>
{
    public SetLimitValidator()
    {
        RequireOwner(("meter", command => command.Meter));
        RequireMeter(command => command.Meter, SpendingLimit.Meters);
        Require(
            command => SpendingLimit.CanLimit(LedgerNames.MeterOf(command.Meter)!.Value, LedgerNames.OwnerKindOf(command.OwnerKind)!.Value),
            RequestErrors.Invalid("key_budget limits an api_key, team_budget a team"));
        RequireAmount("amount", command => command.Amount, 0, SpendingLimit.MaxAmount);
    }
}

internal sealed class SetLimitHandler(IMeteringDb db, TermsChanges changes, LedgerOwners owners, AccountOrders orders)
    : IRequestHandler<SetLimitCommand, OwnerAccount>
{
    public async Task<OwnerAccount> Handle(SetLimitCommand command, CancellationToken cancellationToken)
    {
        var owner = await owners.GetAsync(command.OwnerKind, command.OwnerId, cancellationToken);
        var (meter, amount) = (LedgerNames.MeterOf(command.Meter)!.Value, command.Amount.Value);
        var limit = await db.SpendingLimits.FirstOrDefaultAsync(
            row => row.OwnerId == owner.Id && row.OwnerKind == owner.Kind && row.Meter == meter, cancellationToken);
        if (limit is null)
        {
            db.SpendingLimits.Add(new SpendingLimit(owner.Kind, owner.Id, meter, amount, orders.ActorId, orders.Now));
        }
        else
        {
            limit.ChangeTo(amount, orders.ActorId, orders.Now);
        }

        await changes.SaveAsync(cancellationToken);
        return await RegrantAsync(owner, meter, amount, cancellationToken);
    }

    /// <summary>Somebody else may change the limit meanwhile, and be booked first: what the limit says last is what the account gets.</summary>
    private async Task<OwnerAccount> RegrantAsync(LedgerOwner owner, Meter meter, long amount, CancellationToken cancellationToken)
    {
        var account = await orders.RegrantAsync(orders.Current(owner, meter), amount, cancellationToken);
        var last = await db.SpendingLimits
            .Where(row => row.OwnerId == owner.Id && row.OwnerKind == owner.Kind && row.Meter == meter)
            .Select(row => (long?)row.Amount)
            .FirstOrDefaultAsync(cancellationToken);
        return last is { } later && later != amount ? await RegrantAsync(owner, meter, later, cancellationToken) : account;
    }
}
