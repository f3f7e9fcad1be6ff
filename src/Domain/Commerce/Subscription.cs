namespace AiPlatform.Domain.Commerce;

/// <summary>A paid period as the payment gateway tells it.</summary>
/// <param name="Start">When it began, UTC.</param>
/// <param name="End">The first instant that it does not cover, UTC.</param>
public readonly record struct PaidPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>A person's paid plan, from its first payment until it ends. Whoever has none is on the free plan.</summary>
public sealed class Subscription
{
    /// <summary>How long a plan goes on after its period while the gateway has not said whether the next one is paid.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(3);

    /// <summary>Longest reference of a payment gateway, in characters.</summary>
    public const int MaxReferenceLength = 255;

    private Subscription()
    {
        Reference = string.Empty;
    }

    /// <summary>Begins a subscription that was paid for.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="planId">The plan, a paid one.</param>
    /// <param name="reference">The gateway's name for it.</param>
    /// <param name="period">The period that was paid.</param>
    /// <param name="now">The time, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentException">The period ends before it begins.</exception>
    public Subscription(Guid userId, Guid planId, string reference, PaidPeriod period, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        (UserId, PlanId, Reference, CreatedAt) = (userId, planId, reference, now);
        Cover(period);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The person.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The plan that is paid until the end of the period.</summary>
    public Guid PlanId { get; private set; }

    /// <summary>The plan that follows the period, where it is another paid one.</summary>
    public Guid? NextPlanId { get; private set; }

    /// <summary>Whether nothing follows the period.</summary>
    public bool EndsWithPeriod { get; private set; }

    /// <summary>The gateway's name for it.</summary>
    public string Reference { get; private set; }

    /// <summary>When the paid period began, UTC.</summary>
    public DateTimeOffset PeriodStart { get; private set; }

    /// <summary>The first instant that is not paid, UTC.</summary>
    public DateTimeOffset PeriodEnd { get; private set; }

    /// <summary>Whether the tokens of the plan were given for the month in which it came into force.</summary>
    public bool TokensGiven { get; private set; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it ended, UTC; none while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The plan in force at an instant; <see langword="null"/> where it is the free one.</summary>
    /// <param name="now">The instant.</param>
    public Guid? PlanAt(DateTimeOffset now)
    {
        if (EndedAt is not null)
        {
            return null;
        }

        if (now < PeriodEnd)
        {
            return PlanId;
        }

        return EndsWithPeriod || now >= PeriodEnd + Grace ? null : NextPlanId ?? PlanId;
    }

    /// <summary>Moves to a higher plan at once.</summary>
    /// <param name="planId">The plan.</param>
    /// <param name="period">The period that was paid.</param>
    public void Upgrade(Guid planId, PaidPeriod period)
    {
        RequireOpen();
        (PlanId, NextPlanId, EndsWithPeriod, TokensGiven) = (planId, null, false, false);
        Cover(period);
    }

    /// <summary>Notes that the tokens of the plan were given.</summary>
    public void GiveTokens() => TokensGiven = true;

    /// <summary>Has a lower plan follow the period.</summary>
    /// <param name="planId">The plan, a paid one.</param>
    public void DowngradeTo(Guid planId)
    {
        RequireOpen();
        (NextPlanId, EndsWithPeriod) = (planId, false);
    }

    /// <summary>Has nothing follow the period.</summary>
    public void Cancel()
    {
        RequireOpen();
        (NextPlanId, EndsWithPeriod) = (null, true);
    }

    /// <summary>Goes on: the next period was paid, on the plan that was to follow.</summary>
    /// <param name="period">The period.</param>
    public void Renew(PaidPeriod period)
    {
        RequireOpen();
        (PlanId, NextPlanId) = (NextPlanId ?? PlanId, null);
        Cover(period);
    }

    /// <summary>Ends it; a second end changes nothing.</summary>
    /// <param name="now">The time.</param>
    public void End(DateTimeOffset now) => EndedAt ??= now;

    private void Cover(PaidPeriod period)
    {
        if (period.End <= period.Start)
        {
            throw new ArgumentException("A period ends after it begins.", nameof(period));
        }

        (PeriodStart, PeriodEnd) = (period.Start, period.End);
    }

    private void RequireOpen()
    {
        if (EndedAt is not null)
        {
            throw new InvalidOperationException($"Subscription {Id} has ended.");
        }
    }
}
