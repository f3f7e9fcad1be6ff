using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Reads an account, opening it with its grant when the period has none yet.</summary>
internal sealed class OpenAccountStep(AccountKey account, long openingGrant, Guid requestId) : JournalStep<AccountBalance>
{
    public override Guid RequestId => requestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(account, openingGrant)];

    // Reading twice does no harm.
    public override bool WasCommitted(AppDbContext db) => false;

    protected override AccountBalance DecideOutcome(JournalBatch batch) => batch.Account(account).ToBalance();
}

/// <summary>Corrects what an owner can spend.</summary>
internal sealed class AdjustStep(AdjustmentOrder order, TimeSpan keyLifetime) : OrderStep(
    new TouchedAccount(order.Account, order.OpeningGrant),
    new AccountOrder(order.RequestId, order.ActorId, order.Reason) { Once = order.Once },
    keyLifetime)
{
    protected override EntryKind Kind => EntryKind.Adjust;

    protected override bool TryBook(LedgerAccount account, EntryCause cause, JournalBatch batch)
    {
        batch.Add(account.AdjustTo(order.Available, cause, batch.Now));
        return true;
    }
}

internal static class AccountBalances
{
    public static AccountBalance ToBalance(this LedgerAccount account) =>
        new(account.Key, account.Granted, account.Held, account.Spent);
}
