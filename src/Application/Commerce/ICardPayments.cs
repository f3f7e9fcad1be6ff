namespace AiPlatform.Application.Commerce;

/// <summary>A card to charge for a top-up.</summary>
/// <param name="TopUpId">The top-up: the gateway makes one charge for it, however often it is asked within a day.</param>
/// <param name="Cents">US cents.</param>
/// <param name="Token">The gateway's name for the card, good once. A secret.</param>
public sealed record CardOrder(Guid TopUpId, long Cents, string Token)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => $"{Cents} cents for top-up {TopUpId}";
}

/// <summary>What became of a charge.</summary>
public enum ChargeOutcome
{
    /// <summary>It is under way; the gateway tells its end.</summary>
    Pending,

    /// <summary>The money was taken.</summary>
    Succeeded,

    /// <summary>Nothing was taken, and nothing will be.</summary>
    Failed,
}

/// <summary>A charge as the gateway has it now.</summary>
/// <param name="Id">The gateway's name for it; <see langword="null"/> where it was refused before there was one.</param>
/// <param name="TopUpId">The top-up that it was made for; <see langword="null"/> where it is none of ours.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Amount">What was charged, in nano-USD; zero in another currency.</param>
public sealed record ChargeStanding(string? Id, Guid? TopUpId, ChargeOutcome Outcome, long Amount)
{
    /// <summary>Why nothing was taken, in the gateway's code.</summary>
    public string? Failure { get; init; }

    /// <summary>What was given back, in nano-USD.</summary>
    public long Refunded { get; init; }

    /// <summary>Whether the holder of the card disputed it.</summary>
    public bool IsDisputed { get; init; }
}

/// <summary>Charges cards, and knows what became of each charge.</summary>
public interface ICardPayments
{
    /// <summary>Whether there is a payment gateway.</summary>
    bool AreConfigured { get; }

    /// <summary>Charges a card.</summary>
    /// <param name="order">The card and the amount.</param>
    /// <param name="cancellationToken">Gives up waiting; the card may have been charged.</param>
    /// <exception cref="PaymentUncertainException">Whether the card was charged is not known.</exception>
    Task<ChargeStanding> ChargeAsync(CardOrder order, CancellationToken cancellationToken);

    /// <summary>Looks for the charge of a top-up; charges nothing.</summary>
    /// <param name="topUpId">The top-up.</param>
    /// <param name="from">Not before this time was it made.</param>
    /// <param name="to">Not after this time was it made.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The charge; of several, one that succeeded; <see langword="null"/> where there is none.</returns>
    /// <exception cref="PaymentUncertainException">It cannot be told.</exception>
    Task<ChargeStanding?> FindAsync(Guid topUpId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Looks at a charge.</summary>
    /// <param name="chargeId">The gateway's name for it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The charge; <see langword="null"/> where there is none.</returns>
    /// <exception cref="PaymentUncertainException">It cannot be told.</exception>
    Task<ChargeStanding?> GetAsync(string chargeId, CancellationToken cancellationToken);
}

/// <summary>The payment gateway gave no answer that settles anything: what was asked may have been done or not.</summary>
public sealed class PaymentUncertainException : Exception
{
    /// <summary>Says what happened.</summary>
    /// <param name="message">What happened; no text of the gateway's.</param>
    public PaymentUncertainException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened, and keeps its cause.</summary>
    /// <param name="message">What happened; no text of the gateway's.</param>
    /// <param name="cause">The cause.</param>
    public PaymentUncertainException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
