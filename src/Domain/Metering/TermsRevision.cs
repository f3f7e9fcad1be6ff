namespace AiPlatform.Domain.Metering;

/// <summary>
/// Changes with every change of a limit, a funding rule or a price. Every process looks at this one row once a second, and
/// forgets what it had read of them when the row differs.
/// </summary>
public sealed class TermsRevision
{
    /// <summary>The id of the one row.</summary>
    public const int OnlyId = 1;

    private TermsRevision()
    {
    }

    /// <summary>Makes the one row.</summary>
    /// <param name="now">The time.</param>
    public TermsRevision(DateTimeOffset now)
    {
        Id = OnlyId;
        Advance(now);
    }

    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; private set; }

    /// <summary>Never the same twice; a number that is counted up would be, where two changes meet.</summary>
    public Guid Stamp { get; private set; }

    /// <summary>Notes that something changed.</summary>
    /// <param name="now">The time of the change.</param>
    public void Advance(DateTimeOffset now) => Stamp = Guid.CreateVersion7(now);
}
