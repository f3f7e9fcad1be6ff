using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

internal sealed class MonthlyCredits(Func<IMeteringDb> open, IReadCache cache, IPlatformClock clock) : IMonthlyCredits
{
    public async ValueTask<CreditAccount> ForAsync(Caller owner, CancellationToken cancellationToken)
    {
        var month = clock.CurrentMonth();
        var allowance = await cache.GetAsync(owner.Tier, () => FindAsync(owner.Tier, cancellationToken), cancellationToken)
            ?? await AddDefaultAsync(owner.Tier, cancellationToken);
        return new CreditAccount(
            AccountKey.MonthlyCredits(owner.UserId, month),
            MeterUnits.FromCredits(allowance.MonthlyCredits),
            month,
            allowance.Description);
    }

    private Task<TierAllowance?> FindAsync(int tier, CancellationToken cancellationToken) =>
        open().TierAllowances.AsNoTracking().FirstOrDefaultAsync(row => row.Tier == tier, cancellationToken);

    private async Task<TierAllowance> AddDefaultAsync(int tier, CancellationToken cancellationToken)
    {
        var db = open();
        var allowance = TierAllowance.Default(tier, clock.Now);
        db.TierAllowances.Add(allowance);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return allowance;
        }
        catch (DbUpdateException)
        {
            // Another call configured the tier first; its row is as good.
            db.TierAllowances.Entry(allowance).State = EntityState.Detached;
            return await db.TierAllowances.AsNoTracking().FirstAsync(row => row.Tier == tier, cancellationToken);
        }
    }
}
