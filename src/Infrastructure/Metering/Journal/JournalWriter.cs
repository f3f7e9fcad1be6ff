using System.Data;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Brings steps into the database: lock, decide in memory in order, write once, commit.</summary>
internal sealed class JournalWriter(IDbContextFactory<AppDbContext> contexts, AuditChainWriter chain, TimeProvider time)
{
    /// <summary>Commits steps together and completes them. When it throws, none of them is in the ledger, unless the commit itself was cut off.</summary>
    public async Task WriteAsync(IReadOnlyList<JournalStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            var decided = await CommitAsync(steps, cancellationToken);
            decided.ForEach(step => step.Complete());
        }
        catch
        {
            chain.Forget();
            throw;
        }
    }

    /// <summary>Commits one step after a failure, unless the failed commit brought it into the ledger after all.</summary>
    public async Task RetryAsync(JournalStep step, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await step.WasCommittedAsync(db, cancellationToken))
            {
                step.Complete();
                return;
            }
        }

        await WriteAsync([step], cancellationToken);
    }

    private async Task<List<JournalStep>> CommitAsync(IReadOnlyList<JournalStep> steps, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await BeginAsync(db, cancellationToken);
        var batch = await LockAsync(db, steps, cancellationToken);
        var decided = Decide(steps, batch);
        await chain.ExtendAsync(db, batch.AuditRecords, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return decided;
    }

    private static List<JournalStep> Decide(IReadOnlyList<JournalStep> steps, JournalBatch batch)
    {
        var decided = new List<JournalStep>(steps.Count);
        foreach (var step in steps)
        {
            try
            {
                step.Decide(batch);
                decided.Add(step);
            }
            catch (InvalidOperationException refused)
            {
                step.Fail(refused);
            }
        }

        return decided;
    }

    // SQLite takes its one write lock at once (BEGIN IMMEDIATE); elsewhere the rows are locked as they are read.
    private static Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> BeginAsync(AppDbContext db, CancellationToken cancellationToken) =>
        db.Database.BeginTransactionAsync(db.Database.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellationToken);

    private async Task<JournalBatch> LockAsync(AppDbContext db, IReadOnlyList<JournalStep> steps, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = await IdempotentCalls.LockAsync(db, steps, now, cancellationToken);
        var holds = await db.LockHoldsAsync([.. steps.Select(step => step.SettledHold).OfType<Guid>().Distinct()], cancellationToken);
        var touched = steps.SelectMany(step => step.Accounts.Select(account => (account, step.RequestId)))
            .DistinctBy(pair => pair.account.Key)
            .OrderBy(pair => pair.account.Key)
            .ToList();
        var accounts = await db.LockAccountsAsync(
            [.. touched.Select(pair => pair.account.Key)],
            [.. holds.Values.SelectMany(hold => hold.Lines).Select(line => line.AccountId).Distinct()],
            cancellationToken);
        foreach (var ((key, grant), requestId) in touched.Where(pair => !accounts.ContainsKey(pair.account.Key)))
        {
            accounts[key] = await db.OpenAccountAsync(key, grant, new EntryCause(requestId), now, cancellationToken);
        }

        return new JournalBatch(db, accounts.Values.ToDictionary(account => account.Id), holds, keys, now);
    }
}
