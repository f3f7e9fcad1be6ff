using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Commerce;

/// <summary>What a reconciliation did.</summary>
/// <param name="TopUps">Top-ups that were looked at.</param>
/// <param name="Open">Those whose outcome is still not known.</param>
/// <param name="Events">Events that were taken up again.</param>
public sealed record ReconciledPayments(int TopUps, int Open, int Events);

/// <summary>
/// Brings to an end what no call did: top-ups whose answer was lost or whose process was killed, and events that could not be
/// followed. It charges nothing.
/// </summary>
public interface IPaymentReconciliation
{
    /// <summary>Looks at what is due. Any number of processes may do so at once.</summary>
    /// <param name="cancellationToken">Stops between two of them.</param>
    Task<ReconciledPayments> ReconcileAsync(CancellationToken cancellationToken);
}

internal sealed partial class PaymentReconciliation(
    ICommerceDb db, TopUps topUps, PaymentEvents events, TimeProvider time, ILogger<PaymentReconciliation> logger) : IPaymentReconciliation
{
    /// <summary>Most rows of one look; the rest is due at the next.</summary>
    private const int Most = 100;

    /// <summary>A gateway that fails so often in a row is left alone until the next look.</summary>
    private const int Patience = 3;

    /// <summary>Events that could not be followed for so long stay open; the gateway gives up after as long.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(3);

    private int _failures;

    public async Task<ReconciledPayments> ReconcileAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await db.TopUps
            .Where(row => row.SettledAt == null && row.LookAt <= now)
            .OrderBy(row => row.LookAt)
            .Take(Most)
            .ToListAsync(cancellationToken);
        foreach (var topUp in due.TakeWhile(_ => _failures < Patience))
        {
            await LookAfterAsync(topUp, cancellationToken);
        }

        var (oldest, ripe) = (now - Oldest, now - PaymentEvent.Patience);
        var open = await db.PaymentEvents
            .Where(row => row.SettledAt == null && row.ReceivedAt >= oldest && row.ReceivedAt <= ripe)
            .OrderBy(row => row.ReceivedAt)
            .Take(Most)
            .ToListAsync(cancellationToken);
        foreach (var told in open.TakeWhile(_ => _failures < Patience))
        {
            await TryAsync(() => events.TrySettleAsync(told, cancellationToken));
        }

        return new ReconciledPayments(due.Count, due.Count(topUp => topUp.SettledAt is null), open.Count);
    }

    private async Task LookAfterAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (topUp.State is TopUpState.Charged)
        {
            await topUps.CreditAsync(topUp, cancellationToken);
        }
        else
        {
            await TryAsync(() => topUps.LookUpAsync(topUp, cancellationToken));
        }

        if (topUp.SettledAt is null)
        {
            await topUps.PostponeAsync(topUp, cancellationToken);
        }
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            _failures = 0;
        }
        catch (PaymentUncertainException unknown)
        {
            _failures++;
            LogUnknown(unknown);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A payment could not be reconciled; the next round tries again")]
    private partial void LogUnknown(Exception exception);
}
