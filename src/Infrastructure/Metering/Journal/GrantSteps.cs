using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Gives funds on top of what an account has.</summary>
internal sealed class GrantStep(AccountKey key, long openingGrant, long amount, AccountOrder order) : JournalStep<AccountBalance?>
{
    public override Guid RequestId => order.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(key, openingGrant)];

    // A grant counts once: its entry tells whether the commit that was cut off went through. The entry that opened the account
    // has no actor.
    public override bool WasCommitted(AppDbContext db)
    {
        var account = db.Set<LedgerAccount>().AsNoTracking().FirstOrDefault(
            row => row.OwnerId == key.OwnerId && row.OwnerKind == key.OwnerKind && row.Meter == key.Meter && row.Period == key.Period);
        return account is not null
            && db.Set<LedgerEntry>().Any(
                entry => entry.AccountId == account.Id && entry.RequestId == RequestId && entry.Kind == EntryKind.Grant && entry.ActorId != null)
            && Conclude(account.ToBalance());
    }

    protected override AccountBalance? DecideOutcome(JournalBatch batch)
    {
        var account = batch.Account(key);
        if (!account.CanGrant(amount))
        {
            return null;
        }

        batch.Add(account.Grant(amount, order.ToCause(), batch.Now));
        return account.ToBalance();
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
internal sealed class ExpireStep(AccountKey key, AccountOrder order) : JournalStep<AccountBalance>
{
    public override Guid RequestId => order.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts => [new TouchedAccount(key, 0)];

    // What is taken back already is not left, so the step is simply made anew.
    public override bool WasCommitted(AppDbContext db) => false;

    protected override AccountBalance DecideOutcome(JournalBatch batch)
    {
        var account = batch.Account(key);
        if (account.Expire(order.ToCause(), batch.Now) is { } entry)
        {
            batch.Add(entry);
        }

        return account.ToBalance();
    }
}

internal static class OrderCauses
{
    public static EntryCause ToCause(this AccountOrder order) => new(order.RequestId, ActorId: order.ActorId, Reason: order.Reason);
}
