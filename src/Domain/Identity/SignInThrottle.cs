namespace AiPlatform.Domain.Identity;

/// <summary>
/// Failed sign-ins of one subject: an account as tried from one address, or an account as tried from everywhere. Beyond a few
/// failures each further one doubles the wait, up to a limit, so that nobody is locked out for good.
/// </summary>
public sealed class SignInThrottle
{
    /// <summary>Longest name of a subject, in characters: a hash.</summary>
    public const int MaxSubjectLength = 64;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private SignInThrottle()
    {
        Subject = string.Empty;
    }

    /// <summary>Starts to count.</summary>
    /// <param name="subject">Hash of what is counted.</param>
    public SignInThrottle(string subject) => Subject = subject;

    /// <summary>Hash of what is counted.</summary>
    public string Subject { get; private set; }

    /// <summary>Failures since the last success, or since an hour passed without one.</summary>
    public int Failures { get; private set; }

    /// <summary>When it failed last, UTC.</summary>
    public DateTimeOffset LastFailureAt { get; private set; }

    /// <summary>The first instant at which the next attempt is looked at, UTC.</summary>
    public DateTimeOffset BlockedUntil { get; private set; }

    /// <summary>How long the next attempt has to wait; zero where it need not.</summary>
    /// <param name="now">The time to look at.</param>
    public TimeSpan WaitAt(DateTimeOffset now) => BlockedUntil > now ? BlockedUntil - now : TimeSpan.Zero;

    /// <summary>Counts a failure.</summary>
    /// <param name="free">Failures that cost no wait.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="now">The time.</param>
    public void Fail(int free, TimeSpan longest, DateTimeOffset now)
    {
        Failures = now - LastFailureAt > Forgotten ? 1 : Failures + 1;
        LastFailureAt = now;
        if (Failures > free)
        {
            var doublings = Math.Min(Failures - free - 1, 20);
            var wait = FirstWait * Math.Pow(2, doublings);
            BlockedUntil = now + (wait < longest ? wait : longest);
        }
    }
}
