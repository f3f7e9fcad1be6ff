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

/// <summary>Takes back what is left of an account: of a wallet, or of any period.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "expire accounts")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.AccountNotFound))]
public sealed record ExpireAccountCommand : IRequest<OwnerAccount>, INamesOwner, IChargedRequest, IAskedByItsFields
{
    /// <inheritdoc/>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <inheritdoc/>
    /// <example>user</example>
    [Required]
    [AllowedValues("user", "api_key", "team")]
    public Supplied<string> OwnerKind { get; init; }

    /// <inheritdoc/>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> OwnerId { get; init; }

    /// <summary>What is counted.</summary>
    /// <example>wallet</example>
    [Required]
    [AllowedValues("credits", "wallet", "tokens", "conversations", "key_budget", "team_budget", "requests_per_minute", "tokens_per_minute")]
    public Supplied<string> Meter { get; init; }

    /// <summary>The period by its label (<c>always</c>, <c>2026-11</c>, <c>2026-11-22</c>, <c>2026-11-22T03:45Z</c>); the current one by default.</summary>
    /// <example>always</example>
    [MaxLength(Period.MaxLength)]
    public Supplied<string> PeriodLabel { get; init; }

    /// <summary>Why; the ledger's entry keeps it.</summary>
    /// <example>Invoice 2026-117 paid</example>
    [Required]
    [MaxLength(LedgerEntry.MaxReasonLength)]
    public Supplied<string> Reason { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Asked => JsonSerializer.Serialize((string[])[OwnerKind.Value, OwnerId.Value, Meter.Value, PeriodLabel.Or(string.Empty), Reason.Value]);
}

internal sealed class ExpireAccountValidator : OwnerRules<ExpireAccountCommand>
{
    public ExpireAccountValidator()
    {
        RequireOwner(("meter", command => command.Meter));
        RequireMeter(command => command.Meter, Enum.GetValues<Meter>());
        RequireText("period_label", command => command.PeriodLabel, Period.MaxLength);
        RequireReason(command => command.Reason);
    }
}

internal sealed class ExpireAccountHandler(ILedger ledger, AccountOrders orders, OnceOrders once)
    : IRequestHandler<ExpireAccountCommand, OwnerAccount>
{
    public async Task<OwnerAccount> Handle(ExpireAccountCommand command, CancellationToken cancellationToken)
    {
        // The owner may be gone; what is left of their accounts can be taken back all the same.
        var owner = LedgerNames.IdOf(command.OwnerId) is { } id
            ? new LedgerOwner(LedgerNames.OwnerKindOf(command.OwnerKind)!.Value, id)
            : throw new RefusedException(AccountErrors.AccountNotFound);
        var current = orders.Current(owner, LedgerNames.MeterOf(command.Meter)!.Value);
        var key = current with { Period = command.PeriodLabel.IsGiven ? new Period(command.PeriodLabel.Value) : current.Period };
        if (await orders.FindAsync(key, cancellationToken) is null)
        {
            throw new RefusedException(AccountErrors.AccountNotFound);
        }

        var order = orders.Order(command.Reason.Value) with { Once = once.Of(View) };
        return View(await ledger.ExpireAsync(key, order, cancellationToken));

        OwnerAccount View(AccountBalance balance) => orders.View(key, null, 0, balance);
    }
}
