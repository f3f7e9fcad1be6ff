using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class DepositTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void New_TellsTheEntryThatBookedIt()
    {
        var account = Wallet();
        var entry = account.Grant(500, new EntryCause(Guid.Empty), Now);

        var deposit = new Deposit("ch_1", entry, account.Available);

        Assert.That(
            (deposit.Reference, deposit.AccountId, deposit.Sequence, deposit.Amount, deposit.BalanceAfter, deposit.CreatedAt),
            Is.EqualTo(("ch_1", account.Id, 1, 500, 500, Now)));
    }

    [Test]
    public void New_OfAnEntryThatGivesNothing_Throws()
    {
        var entry = Wallet().Grant(0, new EntryCause(Guid.Empty), Now);

        Assert.That(() => new Deposit("ch_1", entry, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("")]
    [TestCase(256)]
    public void New_WithoutAReferenceThatCanBeKept_Throws(object reference)
    {
        var entry = Wallet().Grant(500, new EntryCause(Guid.Empty), Now);
        var text = reference as string ?? new string('x', (int)reference);

        Assert.That(() => new Deposit(text, entry, 500), Throws.InstanceOf<ArgumentException>());
    }

    private static LedgerAccount Wallet() => new(new AccountKey(OwnerKind.User, Guid.Empty, Meter.Wallet, Period.Always), Now);
}
