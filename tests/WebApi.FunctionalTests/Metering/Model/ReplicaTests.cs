using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>Two processes on one database, each of which remembers the holds that it placed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReplicaTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Settling_WhenAnotherProcessSettledTheHoldOfTwoAccounts_ChangesNeitherOfThem(bool captures)
    {
        await using var replicas = await ModelledLedger.StartAsync(DatabaseProvider.PostgreSql, processes: 2);
        var accounts = new[] { Money.NewAccount(), Money.NewAccount() };
        var (first, second) = (accounts.Min(), accounts.Max());
        var hold = await HoldAsync(replicas, (first, 100), (second, 100));

        // More is set aside on the first account, so that it alone could bear a second settlement.
        await HoldAsync(replicas, (first, 500));
        await replicas.Journal(1).CloseAsync(Money.Record(Unique.Id()), new Settlement.Capture(hold), CancellationToken.None);

        var late = Money.Record(Unique.Id());
        await replicas.Journal(0).CloseAsync(late, captures ? new Settlement.Capture(hold) : new Settlement.Release(hold, "late"), CancellationToken.None);

        var one = await replicas.Ledger(1).OpenAsync(first, 0, Unique.Id(), CancellationToken.None);
        var other = await replicas.Ledger(1).OpenAsync(second, 0, Unique.Id(), CancellationToken.None);
        await using var db = replicas.Open();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.Held, one.Spent), Is.EqualTo((500L, 100L)));
            Assert.That((other.Held, other.Spent), Is.EqualTo((0L, 100L)));
            Assert.That(late.Error, Is.EqualTo($"settled_elsewhere: hold {hold} was captured before the call ended"));
            Assert.That(await db.Set<AuditRecord>().CountAsync(record => record.HoldId == hold && record.Charged == 0 && record.Id == late.Id), Is.EqualTo(1));
            await Money.AssertBooksBalanceAsync(db);
        }
    }

    private static async Task<Guid> HoldAsync(ModelledLedger replicas, params (Domain.Metering.AccountKey Account, long Amount)[] lines)
    {
        var order = Money.Order(Unique.Id(), [.. lines.Select(line => new HoldOrderLine(line.Account, 1_000, line.Amount))]);
        return (await replicas.Ledger(0).PlaceHoldAsync(order, CancellationToken.None)).HoldId!.Value;
    }
}
