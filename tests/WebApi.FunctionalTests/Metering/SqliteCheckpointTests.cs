using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Data.Sqlite;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What becomes of commits while SQLite's log cannot be brought into the database file.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqliteCheckpointTests
{
    // Bytes: more than the 16,000 pages from which on the journal brings the end of the log over itself, and fewer than its 1,000 of an end.
    private const int Much = 70_000_000;
    private const int Little = 100_000;

    [Test]
    public async Task Close_WhenTheLogCannotBeBroughtOverAfterItsCommit_IsBookedAndGetsItsReceiptAndTheFailureIsLogged()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var account = Money.NewAccount();
        var order = Money.Order(Unique.Id(), new HoldOrderLine(account, 10_000, 1_000));
        var hold = (await Money.Ledger(platform).PlaceHoldAsync(order, CancellationToken.None)).HoldId!.Value;
        await using var writing = await OpenAsync(platform);
        var sizeWithoutBallast = await NumberAsync(writing, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");

        await MakeTheJournalTakeItsTurnAsync(platform, account, writing);
        CutOff(writing.DataSource, sizeWithoutBallast);
        var receipt = await Money.Journal(platform).CloseAsync(Money.Record(Unique.Id()), new Settlement.Capture(hold), CancellationToken.None);

        Assert.That(receipt?.Meters.Single(), Is.EqualTo(new MeterReceipt(Meter.Credits, 1_000, 9_000)));
        var stored = (await Money.StoredAsync(platform, account)).Account;
        Assert.That((stored.Held, stored.Spent), Is.EqualTo((0L, 1_000L)));
        await Money.AssertBooksBalanceAsync(platform);
        Assert.That(platform.Log.Text, Does.Not.Contain("ledger steps failed"));

        await WaitForLogLineAsync(platform, "log could not be brought into the database file");
    }

    /// <summary>
    /// Makes the log so long, and leaves so little of it to be brought over, that the next commit has to do that. The thread of the
    /// checkpoints finds out in two passes, each after a commit.
    /// </summary>
    private static async Task MakeTheJournalTakeItsTurnAsync(TestPlatform platform, AccountKey account, SqliteConnection writing)
    {
        await ExecuteAsync(writing, $"CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob({Much}))");
        await using (var reading = await OpenAsync(platform))
        {
            // Who reads keeps the log from beginning anew.
            await ExecuteAsync(reading, "BEGIN; SELECT count(*) FROM ballast");
            await CommitAsync(platform, account);
            await WaitForSizeAsync(writing.DataSource, Much);
            await ExecuteAsync(writing, $"INSERT INTO ballast VALUES (zeroblob({Little}))");
        }

        await CommitAsync(platform, account);
        await WaitForSizeAsync(writing.DataSource, Much + Little);
        await WaitUntilNobodyBringsTheLogOverAsync(writing);
    }

    /// <summary>A commit that writes nothing, so that the log stays as it is.</summary>
    private static async Task CommitAsync(TestPlatform platform, AccountKey account) =>
        await Money.Ledger(platform).OpenAsync(account, 0, Unique.Id(), CancellationToken.None);

    /// <summary>Takes the ballast away from the end of the file. SQLite writes no page to a file that is so much too short.</summary>
    private static void CutOff(string path, long size)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, size);
    }

    // The caller is told before.
    private static async Task WaitForLogLineAsync(TestPlatform platform, string line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!platform.Log.Text.Contains(line, StringComparison.Ordinal))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task WaitForSizeAsync(string path, long size)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (new FileInfo(path).Length < size)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    // Only one at a time can: the first column says whether somebody else does.
    private static async Task WaitUntilNobodyBringsTheLogOverAsync(SqliteConnection connection)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await NumberAsync(connection, "PRAGMA wal_checkpoint(PASSIVE)") != 0)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<SqliteConnection> OpenAsync(TestPlatform platform)
    {
        var connection = new SqliteConnection($"{platform.ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await ExecuteAsync(connection, "PRAGMA wal_autocheckpoint = 0");
        return connection;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> NumberAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
