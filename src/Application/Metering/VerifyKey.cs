using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Says whose key it is, and takes one of the day's conversations.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(ConversationErrors), nameof(ConversationErrors.UsedUp))]
public sealed record VerifyKeyCommand : IRequest<VerifiedKey>, IChargedRequest;

/// <summary>A key that was verified.</summary>
/// <param name="Username">The handle of its owner; the address where there is none.</param>
/// <param name="Remaining">Conversations left today, after this one.</param>
public sealed record VerifiedKey(string Username, long Remaining);

/// <summary>What is refused about conversations.</summary>
public static class ConversationErrors
{
    /// <summary>None is left today.</summary>
    public static readonly Error UsedUp =
        new("conversations_used_up", ErrorKind.TooManyRequests, "Conversation limit exceeded. Limit resets every 24 hours.");
}

internal sealed class VerifyKeyHandler(IPeople people, Conversation conversation, CallRecord record) : IRequestHandler<VerifyKeyCommand, VerifiedKey>
{
    public async Task<VerifiedKey> Handle(VerifyKeyCommand command, CancellationToken cancellationToken)
    {
        var person = await people.FindAsync(record.RequiredCaller.UserId, cancellationToken)
            ?? throw new RefusedException(CredentialErrors.Invalid);
        return new VerifiedKey(person.Username, await conversation.TakeAsync(person.ConversationsADay, cancellationToken));
    }
}

/// <summary>One conversation of the caller's: held now, and paid in the commit of the call's audit record.</summary>
internal sealed class Conversation(
    ILedger ledger, ConversationAccounts accounts, TermsReader terms, ICallContext call, CallRecord record)
{
    /// <summary>Takes one.</summary>
    /// <param name="aDay">What a day starts with.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <returns>What is left.</returns>
    /// <exception cref="RefusedException">None is left.</exception>
    public async Task<long> TakeAsync(int aDay, CancellationToken cancellationToken)
    {
        var caller = record.RequiredCaller;
        var own = accounts.Today(caller.UserId);
        var limits = (await terms.TermsOfAsync(caller, cancellationToken)).Limits
            .Where(limit => limit.Meter is Meter.Conversations)
            .ToDictionary(limit => own with { OwnerKind = limit.OwnerKind, OwnerId = limit.OwnerId }, limit => limit.Amount);
        var lines = limits.Select(limit => new HoldOrderLine(limit.Key, limit.Value, 1) { Limit = limit.Value }).ToList();
        if (!limits.ContainsKey(own))
        {
            lines.Add(new HoldOrderLine(own, aDay, 1));
        }

        var held = new HeldCall(call.RequestId, caller.UserId, call.RouteKey ?? string.Empty);
        var order = new HoldOrder(held, Hold.Unpriced, lines, Dispatched: false) { Key = record.Key };
        var decision = await ledger.PlaceHoldAsync(order, cancellationToken);
        if (decision.HoldId is not { } holdId)
        {
            throw new RefusedException(decision.Conflict ?? ConversationErrors.UsedUp);
        }

        record.Settle(new Settlement.Capture(holdId));
        return decision.Balances.Single(balance => balance.Account == own).Available;
    }
}
