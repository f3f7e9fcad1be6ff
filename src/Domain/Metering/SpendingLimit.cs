namespace AiPlatform.Domain.Metering;

/// <summary>
/// What an owner may take of a meter in each of its periods. Every metered call of the owner is held against it; the account
/// of a period is granted the amount when the period's first call opens it.
/// </summary>
public sealed class SpendingLimit
{
    /// <summary>Highest amount, in the meter's smallest unit: a million US dollars, where the meter counts money.</summary>
    public const long MaxAmount = 1_000_000 * MeterUnits.PerDollar;

    private static readonly Dictionary<Meter, OwnerKind[]> Owners = new()
    {
        [Meter.KeyBudget] = [OwnerKind.ApiKey],
        [Meter.TeamBudget] = [OwnerKind.Team],
        [Meter.Tokens] = [OwnerKind.ApiKey, OwnerKind.User, OwnerKind.Team],
        [Meter.Conversations] = [OwnerKind.ApiKey, OwnerKind.User, OwnerKind.Team],
        [Meter.RequestsPerMinute] = [OwnerKind.ApiKey, OwnerKind.User, OwnerKind.Team],
        [Meter.TokensPerMinute] = [OwnerKind.ApiKey, OwnerKind.User, OwnerKind.Team],
    };

    private SpendingLimit()
    {
    }

    /// <summary>Limits an owner.</summary>
    /// <param name="ownerKind">The kind of owner.</param>
    /// <param name="ownerId">The owner.</param>
    /// <param name="meter">What is limited.</param>
    /// <param name="amount">0, which refuses every call, to <see cref="MaxAmount"/>.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentException">Owners of this kind cannot have a limit on this meter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public SpendingLimit(OwnerKind ownerKind, Guid ownerId, Meter meter, long amount, Guid actorId, DateTimeOffset now)
    {
        if (!CanLimit(meter, ownerKind))
        {
            throw new ArgumentException($"A {ownerKind} cannot have a limit on {meter}.", nameof(meter));
        }

        Id = Guid.CreateVersion7(now);
        (OwnerKind, OwnerId, Meter, CreatedAt) = (ownerKind, ownerId, meter, now);
        ChangeTo(amount, actorId, now);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The kind of owner.</summary>
    public OwnerKind OwnerKind { get; private set; }

    /// <summary>The owner.</summary>
    public Guid OwnerId { get; private set; }

    /// <summary>What is limited.</summary>
    public Meter Meter { get; private set; }

    /// <summary>How much a period, in the meter's smallest unit.</summary>
    public long Amount { get; private set; }

    /// <summary>The administrator who set the amount.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When the limit was set first, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>The meters that can be limited.</summary>
    public static IReadOnlyCollection<Meter> Meters => Owners.Keys;

    /// <summary>Whether owners of a kind can have a limit on a meter.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="ownerKind">The kind of owner.</param>
    public static bool CanLimit(Meter meter, OwnerKind ownerKind) => Owners.TryGetValue(meter, out var kinds) && kinds.Contains(ownerKind);

    /// <summary>Changes the amount, for this period and those to come.</summary>
    /// <param name="amount">0, which refuses every call, to <see cref="MaxAmount"/>.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public void ChangeTo(long amount, Guid actorId, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, MaxAmount);
        (Amount, ActorId, ModifiedAt) = (amount, actorId, now);
    }
}
