using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>One account that a call touches.</summary>
/// <param name="Account">The account; it is opened when the period has none yet.</param>
/// <param name="OpeningGrant">What the account is granted when it is opened, in the meter's smallest unit.</param>
/// <param name="Amount">What to set aside on it at most, in the meter's smallest unit; more than zero.</param>
public sealed record HoldOrderLine(AccountKey Account, long OpeningGrant, long Amount)
{
    /// <summary>What is set aside, where it depends on the length of the answer; <see langword="null"/> sets <see cref="Amount"/> aside.</summary>
    public Ceiling? ByAnswer { get; init; }

    /// <summary>What is set aside for an answer of so many tokens.</summary>
    public Ceiling Ceiling => ByAnswer ?? Ceiling.Of(Amount);

    /// <summary>The price that the amount was computed from, where it is not the order's own.</summary>
    public Guid? PriceVersionId { get; init; }

    /// <summary>
    /// What the account may have held and spent altogether, where a limit says so now. An account that was granted more before
    /// the limit was lowered, or before this process knew, is bound by it all the same.
    /// </summary>
    public long? Limit { get; init; }

    /// <summary>What can be set aside on an account with this standing.</summary>
    /// <param name="standing">The account's standing.</param>
    public long Available(AccountBalance standing) =>
        Math.Min(standing.Available, (Limit ?? long.MaxValue) - standing.Held - standing.Spent);
}

/// <summary>How long an answer may be: the hold pays as much of it as the accounts allow.</summary>
/// <param name="Least">Fewer tokens than these make no answer: the call is refused instead.</param>
/// <param name="Most">More tokens than these are not wanted, or not made by the model.</param>
public sealed record AnswerRange(int Least, int Most);

/// <summary>Funds to set aside for one call: on every account, or on none.</summary>
/// <param name="Call">The call.</param>
/// <param name="PriceVersionId">The price that the amounts were computed from.</param>
/// <param name="Lines">One line an account, none twice; the first that lacks funds is the one that a refusal names.</param>
/// <param name="Dispatched">
/// Whether the provider is called as soon as the hold is committed, so that both states are written in one commit.
/// </param>
public sealed record HoldOrder(HeldCall Call, Guid PriceVersionId, IReadOnlyList<HoldOrderLine> Lines, bool Dispatched)
{
    /// <summary>The idempotency key that the call takes; <see langword="null"/> where it carries none.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>How long the answer may be; <see langword="null"/> where nothing depends on its length.</summary>
    public AnswerRange? Answer { get; init; }

    /// <summary>The models of which one answers, in the order in which they are asked; none where there is one at most.</summary>
    public IReadOnlyList<PricedCandidate> Candidates { get; init; } = [];

    /// <summary>
    /// Holds of the same owners' accounts that this one takes the place of, in this order, until what they set aside covers it:
    /// those are given back in the same step. One that was settled meanwhile is passed over.
    /// </summary>
    public IReadOnlyList<Guid> Replaces { get; init; } = [];

    /// <summary>Finds the longest answer that every account pays.</summary>
    /// <param name="standingOf">The standing of an account.</param>
    public HoldFit Fit(Func<AccountKey, AccountBalance> standingOf)
    {
        var (least, most) = (Answer?.Least ?? 0, (long)(Answer?.Most ?? 0));
        foreach (var line in Lines)
        {
            most = line.Ceiling.MostAnswerTokens(line.Available(standingOf(line.Account)), most);
            if (most < least)
            {
                return new HoldFit(line.Account, 0);
            }
        }

        return new HoldFit(null, (int)most);
    }
}

/// <summary>What an order comes to, given the standing of its accounts.</summary>
/// <param name="Lacking">The first account that lacks funds; <see langword="null"/> where none does.</param>
/// <param name="AnswerTokens">Most tokens of the answer that all of them pay.</param>
public readonly record struct HoldFit(AccountKey? Lacking, int AnswerTokens);

/// <summary>What the ledger decided on a hold.</summary>
/// <param name="HoldId">The hold; <see langword="null"/> where it was refused.</param>
/// <param name="Lacking">The first account, in the order of the lines, that lacks funds.</param>
public sealed record HoldDecision(Guid? HoldId, AccountKey? Lacking)
{
    /// <summary>Most tokens of the answer that the hold pays; zero where nothing depends on its length.</summary>
    public int AnswerTokens { get; init; }

    /// <summary>The accounts of the lines, in their order, as the hold left them; none where it was refused.</summary>
    public IReadOnlyList<AccountBalance> Balances { get; init; } = [];

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

/// <summary>That an order is carried out once under an idempotency key.</summary>
/// <param name="Key">The key, which the order takes in the step that carries it out.</param>
/// <param name="Answer">Encrypts the answer that is kept, given the account as the order leaves it; it must not fail.</param>
public sealed record OnceOrder(IdempotencyKey Key, Func<AccountBalance, byte[]?> Answer);

/// <summary>A correction ordered by an administrator.</summary>
/// <param name="RequestId">The call that ordered it.</param>
/// <param name="ActorId">Who ordered it.</param>
/// <param name="Account">The account; it is opened when the period has none yet.</param>
/// <param name="OpeningGrant">What the account is granted when it is opened.</param>
/// <param name="Available">What the owner can spend from now on, zero or more.</param>
public sealed record AdjustmentOrder(Guid RequestId, Guid ActorId, AccountKey Account, long OpeningGrant, long Available)
{
    /// <summary>Why it is ordered; at most <see cref="LedgerEntry.MaxReasonLength"/> characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The key under which it is carried out once; <see langword="null"/> where the call carries none.</summary>
    public OnceOrder? Once { get; init; }
}

/// <summary>Who orders something of an account, and why.</summary>
/// <param name="RequestId">The call that orders it.</param>
/// <param name="ActorId">Who orders it.</param>
/// <param name="Reason">Why, where there is more to say than that; at most <see cref="LedgerEntry.MaxReasonLength"/> characters.</param>
public sealed record AccountOrder(Guid RequestId, Guid ActorId, string? Reason)
{
    /// <summary>The key under which it is carried out once; <see langword="null"/> where the call carries none.</summary>
    public OnceOrder? Once { get; init; }
}

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
/// A decision counts only if nobody changed what it was made on, so decisions hold for any number of processes.
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
    /// <exception cref="RefusedException">Another call has the order's idempotency key.</exception>
    Task<AccountBalance> AdjustAsync(AdjustmentOrder order, CancellationToken cancellationToken);

    /// <summary>Captures or releases a disputed hold.</summary>
    /// <param name="verdict">How the dispute ends.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <returns>Whether it ended so; a hold that is not disputed any more, or never was, stays as it is.</returns>
    Task<bool> ResolveDisputeAsync(DisputeVerdict verdict, CancellationToken cancellationToken);

    /// <summary>Gives funds on top of what an account has.</summary>
    /// <param name="account">The account; it is opened when the period has none yet.</param>
    /// <param name="openingGrant">What the account is granted when it is opened.</param>
    /// <param name="amount">More than zero.</param>
    /// <param name="order">Who orders it and why.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <returns>The balance; <see langword="null"/> where the account would hold more than <see cref="LedgerAccount.MaxGranted"/>.</returns>
    /// <exception cref="RefusedException">Another call has the order's idempotency key.</exception>
    Task<AccountBalance?> GrantAsync(AccountKey account, long openingGrant, long amount, AccountOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// Gives money that came from outside, once: a second deposit with the same reference changes nothing and is answered as the
    /// first one was.
    /// </summary>
    /// <param name="account">The account; it is opened when there is none yet.</param>
    /// <param name="amount">More than zero.</param>
    /// <param name="reference">The outside's name for the payment, 1 to <see cref="Deposit.MaxReferenceLength"/> characters.</param>
    /// <param name="order">Who orders it and why.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <returns>
    /// What the account has after the deposit, spent money off and held money not; <see langword="null"/> where it would hold more
    /// than <see cref="LedgerAccount.MaxGranted"/>.
    /// </returns>
    Task<long?> DepositAsync(AccountKey account, long amount, string reference, AccountOrder order, CancellationToken cancellationToken);

    /// <summary>Makes the grant of an account what a changed limit says, but never less than is held and spent already.</summary>
    /// <param name="account">The account; it is opened when the period has none yet.</param>
    /// <param name="granted">What the limit grants from now on.</param>
    /// <param name="order">Who orders it and why.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task<AccountBalance> RegrantAsync(AccountKey account, long granted, AccountOrder order, CancellationToken cancellationToken);

    /// <summary>Takes back what is left of an account; what is held stays held.</summary>
    /// <param name="account">The account.</param>
    /// <param name="order">Who orders it and why.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    /// <exception cref="RefusedException">Another call has the order's idempotency key.</exception>
    Task<AccountBalance> ExpireAsync(AccountKey account, AccountOrder order, CancellationToken cancellationToken);
}
