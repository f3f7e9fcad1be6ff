namespace AiPlatform.Domain.Metering;

/// <summary>
/// Who pays for the calls of a user or of one API key: the tier's credits (the endpoint's fixed cost), the user's wallet (the
/// model's price), or both. Limits are held whatever pays. Where there is no rule, the credits pay.
/// </summary>
public sealed class FundingRule
{
    private FundingRule()
    {
    }

    /// <summary>Sets who pays.</summary>
    /// <param name="ownerKind">A user, or an API key, whose rule goes before its user's.</param>
    /// <param name="ownerId">The owner.</param>
    /// <param name="credits">Whether the tier's credits pay.</param>
    /// <param name="wallet">Whether the wallet pays.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">Nobody pays, or teams, which have no wallet, would.</exception>
    public FundingRule(OwnerKind ownerKind, Guid ownerId, bool credits, bool wallet, Guid actorId, DateTimeOffset now)
    {
        if (ownerKind is OwnerKind.Team)
        {
            throw new ArgumentException("A team pays by its budget alone.", nameof(ownerKind));
        }

        (OwnerKind, OwnerId, CreatedAt) = (ownerKind, ownerId, now);
        ChangeTo(credits, wallet, actorId, now);
    }

    /// <summary>A user or an API key.</summary>
    public OwnerKind OwnerKind { get; private set; }

    /// <summary>The owner.</summary>
    public Guid OwnerId { get; private set; }

    /// <summary>Whether the tier's credits pay the endpoint's fixed cost.</summary>
    public bool Credits { get; private set; }

    /// <summary>Whether the user's wallet pays the model's price.</summary>
    public bool Wallet { get; private set; }

    /// <summary>The administrator who set the rule.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When a rule was set first, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Changes who pays.</summary>
    /// <param name="credits">Whether the tier's credits pay.</param>
    /// <param name="wallet">Whether the wallet pays.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">Nobody pays.</exception>
    public void ChangeTo(bool credits, bool wallet, Guid actorId, DateTimeOffset now)
    {
        if (!credits && !wallet)
        {
            throw new ArgumentException("Somebody pays.", nameof(wallet));
        }

        (Credits, Wallet, ActorId, ModifiedAt) = (credits, wallet, actorId, now);
    }
}
