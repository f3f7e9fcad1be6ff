using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Gives money that came from outside. Its row cannot be written twice: the second step of a payment fails with its batch, is tried
/// alone, and finds the first one in the ledger.
/// </summary>
internal sealed class DepositStep(AccountKey key, long amount, string reference, AccountOrder order) : JournalStep<long?>
{
    public override Guid RequestId => order.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(key, OpeningGrant: 0)];

    public override bool WasCommitted(AppDbContext db) =>
        db.Set<Deposit>().AsNoTracking().FirstOrDefault(row => row.Reference == reference) is { } known && Conclude(known.BalanceAfter);

    protected override long? DecideOutcome(JournalBatch batch)
    {
        var account = batch.Account(key);
        if (!account.CanGrant(amount))
        {
            return null;
        }

        var entry = account.Grant(amount, order.ToCause(), batch.Now);
        var deposit = new Deposit(reference, entry, account.Granted - account.Spent);
        batch.Add(entry);
        batch.Add(deposit);
        return deposit.BalanceAfter;
    }
}
