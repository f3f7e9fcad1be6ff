namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>A clock that stands still until it is moved, in either direction. Nothing happens periodically; delays pass in real time.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _passed;

    public DateTimeOffset Now { get; private set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>What has passed is counted forwards, whichever way the clock was moved.</summary>
    public override long GetTimestamp() => _passed.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Move(TimeSpan by)
    {
        Now += by;
        _passed += by.Duration();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, period == Timeout.InfiniteTimeSpan ? dueTime : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
