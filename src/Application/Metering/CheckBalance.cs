using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Reads what the caller can still spend this month.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[Refuses(typeof(BalanceFailures), nameof(BalanceFailures.NotOpened))]
public sealed record CheckBalanceQuery : IRequest<MonthlyBalance>;

/// <summary>A person's balance of the current month.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Email">Their address.</param>
/// <param name="Credits">Whole credits that can still be spent.</param>
/// <param name="Tier">Their tier.</param>
/// <param name="TierDescription">What the tier is called.</param>
/// <param name="Month">The month.</param>
public sealed record MonthlyBalance(Guid UserId, string Email, long Credits, int Tier, string TierDescription, CalendarMonth Month)
{
    internal static MonthlyBalance Of(Caller owner, CreditAccount account, AccountBalance balance) => new(
        owner.UserId, owner.Email, MeterUnits.ToCredits(balance.Available), owner.Tier, account.TierDescription, account.Month);
}

internal sealed class CheckBalanceHandler(ICallContext call, CallRecord record, IMonthlyCredits credits, ILedger ledger)
    : IRequestHandler<CheckBalanceQuery, MonthlyBalance>
{
    public async Task<MonthlyBalance> Handle(CheckBalanceQuery query, CancellationToken cancellationToken)
    {
        var owner = record.RequiredCaller;
        var account = await credits.ForAsync(owner, cancellationToken);
        var balance = await BalanceFailures.TakeAsync(
            token => ledger.OpenAsync(account.Account, account.OpeningGrant, call.RequestId, token),
            BalanceFailures.NotOpened,
            cancellationToken);
        return MonthlyBalance.Of(owner, account, balance);
    }
}
