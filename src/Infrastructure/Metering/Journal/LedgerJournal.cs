using System.Threading.Channels;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The one writer of money and audit in this process: it commits whatever steps are waiting in one transaction, then lets
/// their callers go on (group commit). A caller's step is durable when its method returns, but for <see cref="PayAsync"/>. Other
/// processes may write to the same database: a decision counts only if nobody changed what it was made on.
/// </summary>
internal sealed class LedgerJournal(JournalThread thread, IOptions<MeteringOptions> options)
    : IHostedService, ILedger, ICallJournal
{
    private static readonly Error Busy =
        new("ledger_busy", ErrorKind.Unavailable, "The platform is handling too many calls. Try again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    private readonly MeteringOptions _options = options.Value;

    public async Task<HoldDecision> PlaceHoldAsync(HoldOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var step = new PlaceHoldStep(order, _options.HoldExpiry, _options.IdempotencyLifetime);

        // New work is refused while the queue is full; work that is already paid for waits for its place in it.
        if (!thread.TryAdd(step))
        {
            throw new RefusedException(Busy);
        }

        // Once the step is in, its outcome counts, whether or not the caller still waits.
        return await step.Outcome;
    }

    public Task<AccountBalance> OpenAsync(AccountKey account, long openingGrant, Guid requestId, CancellationToken cancellationToken) =>
        CommitAsync(new OpenAccountStep(account, openingGrant, requestId), cancellationToken);

    public async Task<AccountBalance> AdjustAsync(AdjustmentOrder order, CancellationToken cancellationToken) =>
        (await BookAsync(new AdjustStep(order, _options.IdempotencyLifetime), cancellationToken))!;

    public Task<AccountBalance?> GrantAsync(
        AccountKey account, long openingGrant, long amount, AccountOrder order, CancellationToken cancellationToken) =>
        BookAsync(new GrantStep(new TouchedAccount(account, openingGrant), amount, order, _options.IdempotencyLifetime), cancellationToken);

    public Task<long?> DepositAsync(
        AccountKey account, long amount, string reference, AccountOrder order, CancellationToken cancellationToken) =>
        CommitAsync(new DepositStep(account, amount, reference, order), cancellationToken);

    public async Task<AccountBalance> RegrantAsync(AccountKey account, long granted, AccountOrder order, CancellationToken cancellationToken) =>
        (await BookAsync(new RegrantStep(account, granted, order, _options.IdempotencyLifetime), cancellationToken))!;

    public async Task<AccountBalance> ExpireAsync(AccountKey account, AccountOrder order, CancellationToken cancellationToken) =>
        (await BookAsync(new ExpireStep(account, order, _options.IdempotencyLifetime), cancellationToken))!;

    public Task<CallReceipt?> CloseAsync(AuditRecord record, Settlement? settlement, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, settlement), cancellationToken);

    public Task<CallReceipt?> PayAsync(AuditRecord record, Settlement.Capture payment, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, payment) { CompletesEarly = true }, cancellationToken);

    public Task CatchUpAsync(CancellationToken cancellationToken) => thread.CatchUpAsync(cancellationToken);

    public Task CloseReusedAsync(AuditRecord record, SavedCall saved, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, settlement: null) { Saved = saved }, cancellationToken);

    public Task<bool> ResolveDisputeAsync(DisputeVerdict verdict, CancellationToken cancellationToken) =>
        CommitAsync(new ResolveDisputeStep(verdict), cancellationToken);

    /// <summary>Applies the rule for holds whose call never closed.</summary>
    public Task<HoldState> ResolveExpiredAsync(Guid holdId, Guid requestId, CancellationToken cancellationToken) =>
        CommitAsync(new ResolveExpiredHoldStep(holdId, requestId), cancellationToken);

    /// <summary>Starts the journal's threads.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Lets the calls that are under way finish: nothing that waits is dropped. It does not give up when the host would: what the
    /// journal works with must outlive it. <see cref="MeteringOptions.OutagePatience"/> bounds how long a database can keep it waiting.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        thread.Close();
        return thread.Ended;
    }

    private async Task<AccountBalance?> BookAsync(OrderStep step, CancellationToken cancellationToken)
    {
        var booking = await CommitAsync(step, cancellationToken);
        return booking.Conflict is { } conflict ? throw new RefusedException(conflict) : booking.Balance;
    }

    private async Task<T> CommitAsync<T>(JournalStep<T> step, CancellationToken cancellationToken)
    {
        try
        {
            await thread.AddAsync(step, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new RefusedException(Busy);
        }

        return await step.Outcome;
    }
}
