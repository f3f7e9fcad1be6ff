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
internal sealed class AdjustStep(AdjustmentOrder order) : JournalStep<AccountBalance>
{
    public override Guid RequestId => order.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(order.Account, order.OpeningGrant)];

    // Setting the same balance again is the same correction, so an adjustment is simply made anew.
    public override bool WasCommitted(AppDbContext db) => false;

    protected override AccountBalance DecideOutcome(JournalBatch batch)
    {
        var account = batch.Account(order.Account);
        batch.Add(account.AdjustTo(order.Available, new EntryCause(order.RequestId, ActorId: order.ActorId, Reason: order.Reason), batch.Now));
        return account.ToBalance();
    }
}

internal static class AccountBalances
{
    public static AccountBalance ToBalance(this LedgerAccount account) =>
        new(account.Key, account.Granted, account.Held, account.Spent);
}
