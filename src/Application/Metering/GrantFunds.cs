using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Gives a user funds on top of what they have: a wallet, which never expires, or this month's credits.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "grant funds")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.OwnerNotFound), nameof(AccountErrors.TooMuch))]
public sealed record GrantFundsCommand : IRequest<OwnerAccount>, INamesOwner, IChargedRequest, IAskedByItsFields
{
    /// <inheritdoc/>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <inheritdoc/>
    /// <example>user</example>
    [Required]
    [AllowedValues("user")]
    public Supplied<string> OwnerKind { get; init; }

    /// <inheritdoc/>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> OwnerId { get; init; }

    /// <summary>What is counted.</summary>
    /// <example>wallet</example>
    [Required]
    [AllowedValues("wallet", "credits")]
    public Supplied<string> Meter { get; init; }

    /// <summary>How much: nano-USD of a wallet (1,000,000,000 are one dollar), thousandths of a credit.</summary>
    /// <example>5000000000</example>
    [Required]
    [Range(1, SpendingLimit.MaxAmount)]
    public Supplied<long> Amount { get; init; }

    /// <summary>Why; the ledger's entry keeps it.</summary>
    /// <example>Invoice 2026-117 paid</example>
    [Required]
    [MaxLength(LedgerEntry.MaxReasonLength)]
    public Supplied<string> Reason { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Asked => JsonSerializer.Serialize((string[])[OwnerKind.Value, OwnerId.Value, Meter.Value, $"{Amount.Value}", Reason.Value]);
}

internal sealed class GrantFundsValidator : OwnerRules<GrantFundsCommand>
{
    public GrantFundsValidator()
    {
        RequireOwner(("meter", command => command.Meter));
        Require(
            command => LedgerNames.OwnerKindOf(command.OwnerKind) is OwnerKind.User,
            RequestErrors.Invalid("Only a user has a wallet and credits; budgets are granted by their limits"));
        RequireMeter(command => command.Meter, [Meter.Wallet, Meter.Credits]);
        RequireAmount("amount", command => command.Amount, 1, SpendingLimit.MaxAmount);
        RequireReason(command => command.Reason);
    }
}

internal sealed class GrantFundsHandler(ILedger ledger, LedgerOwners owners, OpeningGrants opening, AccountOrders orders, OnceOrders once)
    : IRequestHandler<GrantFundsCommand, OwnerAccount>
{
    public async Task<OwnerAccount> Handle(GrantFundsCommand command, CancellationToken cancellationToken)
    {
        var owner = await owners.GetAsync(command.OwnerKind, command.OwnerId, cancellationToken);
        var meter = LedgerNames.MeterOf(command.Meter)!.Value;
        var key = orders.Current(owner, meter);
        var grant = await opening.OfAsync(owner, meter, cancellationToken);
        var order = orders.Order(command.Reason.Value) with { Once = once.Of(View) };
        return View(await ledger.GrantAsync(key, grant, command.Amount.Value, order, cancellationToken)
            ?? throw new RefusedException(AccountErrors.TooMuch));

        OwnerAccount View(AccountBalance balance) => orders.View(key, null, 0, balance);
    }
}
