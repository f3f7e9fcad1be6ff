using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>One account that a call touches.</summary>
/// <param name="Account">The account; it is opened when the period has none yet.</param>
/// <param name="OpeningGrant">What the account is granted when it is opened, in the meter's smallest unit.</param>
/// <param name="Amount">What to set aside on it, in the meter's smallest unit; more than zero.</param>
public sealed record HoldOrderLine(AccountKey Account, long OpeningGrant, long Amount);

/// <summary>Funds to set aside for one call: on every account, or on none.</summary>
/// <param name="Call">The call.</param>
/// <param name="PriceVersionId">The price that the amounts were computed from.</param>
/// <param name="Lines">One line an account, none twice.</param>
/// <param name="Dispatched">
/// Whether the provider is called as soon as the hold is committed, so that both states are written in one commit.
/// </param>
public sealed record HoldOrder(HeldCall Call, Guid PriceVersionId, IReadOnlyList<HoldOrderLine> Lines, bool Dispatched)
{
    /// <summary>The idempotency key that the call takes; <see langword="null"/> where it carries none.</summary>
    public IdempotencyKey? Key { get; init; }
}

/// <summary>What the ledger decided on a hold.</summary>
/// <param name="HoldId">The hold; <see langword="null"/> where it was refused.</param>
/// <param name="Lacking">The first account, in locking order, that lacks funds.</param>
public sealed record HoldDecision(Guid? HoldId, AccountKey? Lacking)
{
    /// <summary>Another call has the idempotency key: why this one is not carried out.</summary>
    public Error? Conflict { get; init; }
}

/// <summary>An account's standing.</summary>
/// <param name="Account">The account.</param>
/// <param name="Granted">Given for the period, in the meter's smallest unit.</param>
/// <param name="Held">Set aside for calls under way.</param>
/// <param name="Spent">Paid.</param>
public sealed record AccountBalance(AccountKey Account, long Granted, long Held, long Spent)
{
    /// <summary>What can still be held.</summary>
    public long Available => Granted - Held - Spent;
}

/// <summary>A correction ordered by an administrator.</summary>
/// <param name="RequestId">The call that ordered it.</param>
/// <param name="ActorId">Who ordered it.</param>
/// <param name="Account">The account; it is opened when the period has none yet.</param>
/// <param name="OpeningGrant">What the account is granted when it is opened.</param>
/// <param name="Available">What the owner can spend from now on, zero or more.</param>
public sealed record AdjustmentOrder(Guid RequestId, Guid ActorId, AccountKey Account, long OpeningGrant, long Available);

/// <summary>How an administrator ends a dispute.</summary>
/// <param name="RequestId">The call that ordered it.</param>
/// <param name="ActorId">Who ordered it.</param>
/// <param name="HoldId">The disputed hold.</param>
/// <param name="Delivered">
/// What to charge by meter, in its smallest unit: each account pays that, at most what it holds. <see langword="null"/> gives
/// everything back.
/// </param>
/// <param name="Reason">Why, at most 200 characters; it stays with the hold.</param>
public sealed record DisputeVerdict(Guid RequestId, Guid ActorId, Guid HoldId, IReadOnlyDictionary<Meter, long>? Delivered, string Reason);

/// <summary>
/// The money. Every method is one durable step: when it returns, the step is committed; when it throws, nothing of it is.
/// Decisions are made under the accounts' row locks, so they hold for any number of processes.
/// </summary>
public interface ILedger
{
    /// <summary>Sets funds aside on every account of the order, or on none.</summary>
    /// <param name="order">What to set aside.</param>
    /// <param name="cancellationToken">Gives up before the decision; a decision that was made stands.</param>
    Task<HoldDecision> PlaceHoldAsync(HoldOrder order, CancellationToken cancellationToken);

    /// <summary>Reads an account, opening it with its grant when the period has none yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="openingGrant">What the account is granted when it is opened.</param>
    /// <param name="requestId">The call that asks.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<AccountBalance> OpenAsync(AccountKey account, long openingGrant, Guid requestId, CancellationToken cancellationToken);

    /// <summary>Corrects what an owner can spend.</summary>
    /// <param name="order">The correction.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task<AccountBalance> AdjustAsync(AdjustmentOrder order, CancellationToken cancellationToken);

    /// <summary>Captures or releases a disputed hold.</summary>
    /// <param name="verdict">How the dispute ends.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <returns>Whether it ended so; a hold that is not disputed any more, or never was, stays as it is.</returns>
    Task<bool> ResolveDisputeAsync(DisputeVerdict verdict, CancellationToken cancellationToken);
}
