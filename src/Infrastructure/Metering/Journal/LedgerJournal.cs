using System.Threading.Channels;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The one writer of money and audit in this process: it commits whatever steps are waiting in one transaction, then lets
/// their callers go on (group commit). A caller's step is durable when its method returns, but for <see cref="PayAsync"/>. Other
/// processes may write to the same database: every decision is made under the accounts' row locks.
/// </summary>
internal sealed partial class LedgerJournal(
    JournalWriter writer, IOptions<MeteringOptions> options, TimeProvider time, ILogger<LedgerJournal> logger)
    : IHostedService, ILedger, ICallJournal, IDisposable
{
    private static readonly Error Busy =
        new("ledger_busy", ErrorKind.Unavailable, "The platform is handling too many calls. Try again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    private readonly MeteringOptions _options = options.Value;

    private readonly Outage _outage = new(options.Value.OutagePatience, time);

    private readonly JournalQueue _waiting = new(options.Value.QueueCapacity);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The batch that is under way, where its callers may have gone on before its commit.</summary>
    private volatile TaskCompletionSource? _committing;

    private bool _isRunning;

    public async Task<HoldDecision> PlaceHoldAsync(HoldOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var step = new PlaceHoldStep(order, _options.HoldExpiry, _options.IdempotencyLifetime);

        // New work is refused while the queue is full; work that is already paid for waits for its place in it.
        if (!_waiting.TryAdd(step))
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

    public Task<AccountBalance> RegrantAsync(AccountKey account, long granted, AccountOrder order, CancellationToken cancellationToken) =>
        CommitAsync(new RegrantStep(account, granted, order), cancellationToken);

    public async Task<AccountBalance> ExpireAsync(AccountKey account, AccountOrder order, CancellationToken cancellationToken) =>
        (await BookAsync(new ExpireStep(account, order, _options.IdempotencyLifetime), cancellationToken))!;

    public Task<CallReceipt?> CloseAsync(AuditRecord record, Settlement? settlement, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, settlement), cancellationToken);

    public Task<CallReceipt?> PayAsync(AuditRecord record, Settlement.Capture payment, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, payment) { CompletesEarly = true }, cancellationToken);

    public Task CatchUpAsync(CancellationToken cancellationToken) =>
        _committing is { } batch ? batch.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    public Task CloseReusedAsync(AuditRecord record, SavedCall saved, CancellationToken cancellationToken) =>
        CommitAsync(new CloseCallStep(record, settlement: null) { Saved = saved }, cancellationToken);

    public Task<bool> ResolveDisputeAsync(DisputeVerdict verdict, CancellationToken cancellationToken) =>
        CommitAsync(new ResolveDisputeStep(verdict), cancellationToken);

    /// <summary>Applies the rule for holds whose call never closed.</summary>
    public Task<HoldState> ResolveExpiredAsync(Guid holdId, Guid requestId, CancellationToken cancellationToken) =>
        CommitAsync(new ResolveExpiredHoldStep(holdId, requestId), cancellationToken);

    /// <summary>Starts the journal's thread.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _isRunning = true;
        new Thread(Run) { Name = "ledger journal", IsBackground = true }.Start();
        return Task.CompletedTask;
    }

    /// <summary>Lets the calls that are under way finish: nothing that waits is dropped.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Close();

        // A start that failed before this one has nothing to wait for.
        return _isRunning ? _ended.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    public void Dispose() => _waiting.Dispose();

    // A thread of its own: a commit must not queue behind the very calls that wait for it.
    private void Run()
    {
        var batch = new List<JournalStep>(_options.MaxBatch);
        while (_waiting.Take(batch, _options.MaxBatch))
        {
            if (_options.BatchWindow > TimeSpan.Zero && batch.Count < _options.MaxBatch)
            {
                Thread.Sleep(_options.BatchWindow);
                _waiting.Take(batch, _options.MaxBatch);
            }

            CommitForReaders(batch);
            batch.Clear();
        }

        _ended.SetResult();
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
            await _waiting.AddAsync(step, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new RefusedException(Busy);
        }

        return await step.Outcome;
    }

    private void CommitForReaders(List<JournalStep> batch)
    {
        if (!batch.Exists(step => step.CompletesEarly))
        {
            Commit(batch);
            return;
        }

        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _committing = committing;
        Commit(batch);
        _committing = null;
        committing.SetResult();
    }

    private void Commit(List<JournalStep> batch)
    {
        try
        {
            writer.Write(batch);
            _outage.Over();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // One step that the database refuses must not fail its neighbours: each gets a transaction of its own.
            LogBatchFailed(failure, batch.Count);
            foreach (var step in batch)
            {
                CommitAlone(step);
            }
        }
    }

    private void CommitAlone(JournalStep step)
    {
        while (!TryCommitAlone(step))
        {
        }
    }

    /// <summary>Whether the step's fate is known: it is in the ledger, or it has failed for good.</summary>
    private bool TryCommitAlone(JournalStep step)
    {
        try
        {
            writer.Retry(step);
            _outage.Over();
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (_outage.WaitOut(failure))
            {
                return false;
            }

            LogStepFailed(failure, step.GetType().Name, step.RequestId);
            step.Fail(failure);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} ledger steps failed; each is tried alone")]
    private partial void LogBatchFailed(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Step} of request {RequestId} is not in the ledger")]
    private partial void LogStepFailed(Exception exception, string step, Guid requestId);
}
