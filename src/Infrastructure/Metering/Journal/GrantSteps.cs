using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Gives funds on top of what an account has.</summary>
internal sealed class GrantStep(TouchedAccount touched, long amount, AccountOrder order, TimeSpan keyLifetime)
    : OrderStep(touched, order, keyLifetime)
{
    protected override EntryKind Kind => EntryKind.Grant;

    protected override bool TryBook(LedgerAccount account, EntryCause cause, JournalBatch batch)
    {
        if (!account.CanGrant(amount))
        {
            return false;
        }

        batch.Add(account.Grant(amount, cause, batch.Now));
        return true;
    }
}

/// <summary>Makes the grant of an account what a changed limit says.</summary>
internal sealed class RegrantStep(AccountKey key, long granted, AccountOrder order) : JournalStep<AccountBalance>
{
    public override Guid RequestId => order.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(key, granted)];

    // Granting the same again changes nothing, so the step is simply made anew.
    public override bool WasCommitted(AppDbContext db) => false;

    protected override AccountBalance DecideOutcome(JournalBatch batch)
    {
        var account = batch.Account(key);
        if (account.Regrant(granted, order.ToCause(), batch.Now) is { } entry)
        {
            batch.Add(entry);
        }

        return account.ToBalance();
    }
}

/// <summary>Takes back what is left of an account.</summary>
internal sealed class ExpireStep(AccountKey key, AccountOrder order, TimeSpan keyLifetime)
    : OrderStep(new TouchedAccount(key, OpeningGrant: 0), order, keyLifetime)
{
    protected override EntryKind Kind => EntryKind.Expire;

    protected override bool TryBook(LedgerAccount account, EntryCause cause, JournalBatch batch)
    {
        if (account.Expire(cause, batch.Now) is { } entry)
        {
            batch.Add(entry);
        }

        return true;
    }
}
