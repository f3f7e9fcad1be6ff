using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

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
internal sealed class RegrantStep(AccountKey key, long granted, AccountOrder order, TimeSpan keyLifetime)
    : OrderStep(new TouchedAccount(key, granted), order, keyLifetime)
{
    protected override EntryKind Kind => EntryKind.Adjust;

    protected override bool TryBook(LedgerAccount account, EntryCause cause, JournalBatch batch)
    {
        if (account.Regrant(granted, cause, batch.Now) is { } entry)
        {
            batch.Add(entry);
        }

        return true;
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
