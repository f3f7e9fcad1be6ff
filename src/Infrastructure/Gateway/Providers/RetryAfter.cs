namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Reads how long a provider asks to wait (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The longest wait that is believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait, zero to <see cref="Longest"/>; <see langword="null"/> where none is asked for.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, Longest.Ticks)) : null;
    }
}
