using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

internal sealed class TokenGrants(IMeteringDb db, ITokenPlans plans, ILedger ledger, IPlatformClock clock) : ITokenGrants
{
    public async Task GrantPlanAsync(Guid userId, AccountOrder order, CancellationToken cancellationToken)
    {
        var limit = await db.SpendingLimits
            .Where(row => row.OwnerId == userId && row.OwnerKind == OwnerKind.User && row.Meter == Meter.Tokens)
            .Select(row => (long?)row.Amount)
            .FirstOrDefaultAsync(cancellationToken);
        var granted = limit ?? (await plans.OfAsync(userId, cancellationToken)).MonthlyTokens;
        var account = new AccountKey(OwnerKind.User, userId, Meter.Tokens, Period.Of(PeriodRule.Month, clock.Now, clock.Zone));
        await ledger.RegrantAsync(account, granted, order, cancellationToken);
    }
}
