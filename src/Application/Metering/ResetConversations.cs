using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Gives everybody the day's conversations anew.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "reset limits")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record ResetConversationsCommand : IRequest;

internal sealed class ResetConversationsHandler(IMeteringDb db, ConversationAccounts accounts, IPeople people)
    : IRequestHandler<ResetConversationsCommand, Unit>
{
    private const int Page = 200;

    /// <summary>
    /// Who has not come today has no account yet, and starts with a full day. Setting an account to its number twice is the same
    /// as once, so a walk that broke off, or two at a time, lose and double nothing.
    /// </summary>
    public async Task<Unit> Handle(ResetConversationsCommand command, CancellationToken cancellationToken)
    {
        var today = accounts.Today(Guid.Empty).Period;
        var last = Guid.Empty;
        while (true)
        {
            var owners = await db.LedgerAccounts
                .Where(account => account.OwnerKind == OwnerKind.User && account.Meter == Meter.Conversations && account.Period == today
                    && account.OwnerId > last)
                .OrderBy(account => account.OwnerId)
                .Select(account => account.OwnerId)
                .Take(Page)
                .ToListAsync(cancellationToken);
            var numbers = await people.OwnNumbersAsync(owners, cancellationToken);
            await Task.WhenAll(owners.Select(owner =>
            {
                var aDay = numbers.GetValueOrDefault(owner, PersonProfile.UsualConversations);
                return accounts.SetLeftTodayAsync(owner, aDay, aDay, cancellationToken);
            }));
            if (owners.Count < Page)
            {
                return Unit.Value;
            }

            last = owners[^1];
        }
    }
}
