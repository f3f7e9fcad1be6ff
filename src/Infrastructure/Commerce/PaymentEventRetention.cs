using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Commerce.Stripe;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>
/// Forgets old events of the payment gateway, a small page at a time. One that something is open of stays, and so does every one that
/// tells of a payment in the ledger.
/// </summary>
internal sealed class PaymentEventRetention(IDbContextFactory<AppDbContext> contexts, IOptions<StripeOptions> options) : IScheduledJob
{
    private const int Page = 500;

    public string Name => "payment_event_cleanup";

    public string Schedule => "0 45 2 ? * SUN";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var oldest = dueAt.AddDays(-options.Value.EventRetentionDays);
        var (deleted, page) = (0, Page);
        while (page == Page)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var ids = await db.Set<PaymentEvent>()
                .Where(told => told.SettledAt != null && told.ReceivedAt < oldest
                    && !db.Set<Deposit>().Any(deposit => deposit.Reference == told.Reference))
                .OrderBy(told => told.ReceivedAt).Select(told => told.Id).Take(Page).ToListAsync(cancellationToken);
            page = ids.Count;
            deleted += await db.Set<PaymentEvent>().Where(told => ids.Contains(told.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        return $"{deleted} events deleted";
    }
}
