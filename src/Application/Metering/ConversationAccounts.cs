using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>A day's conversations as accounts of the ledger: the day's first use opens the account, so no midnight has to come round.</summary>
internal sealed class ConversationAccounts(IMeteringDb db, ILedger ledger, IPlatformClock clock, ICallContext call, CallRecord record)
    : IConversationAccounts
{
    /// <summary>The account of a person today.</summary>
    public AccountKey Today(Guid userId) =>
        new(OwnerKind.User, userId, Meter.Conversations, Period.Of(PeriodRule.Day, clock.Now, clock.Zone));

    public async Task<IReadOnlyDictionary<Guid, long>> LeftTodayAsync(
        IReadOnlyDictionary<Guid, int> aDay, CancellationToken cancellationToken)
    {
        var today = Today(Guid.Empty).Period;
        var ids = aDay.Keys.ToList();
        var opened = await db.LedgerAccounts
            .Where(account => account.OwnerKind == OwnerKind.User && account.Meter == Meter.Conversations && account.Period == today
                && ids.Contains(account.OwnerId))
            .ToDictionaryAsync(account => account.OwnerId, account => account.Granted - account.Held - account.Spent, cancellationToken);
        return aDay.ToDictionary(person => person.Key, person => opened.TryGetValue(person.Key, out var left) ? left : person.Value);
    }

    public Task SetLeftTodayAsync(Guid userId, int aDay, long left, CancellationToken cancellationToken) => ledger.AdjustAsync(
        new AdjustmentOrder(call.RequestId, record.RequiredCaller.UserId, Today(userId), aDay, left) { Reason = "conversation_limit" },
        cancellationToken);
}
