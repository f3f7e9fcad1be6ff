namespace AiPlatform.Application.Metering;

/// <summary>Days of UTC, counted from 1970: a function that every database has in its own words.</summary>
public static class UtcDays
{
    /// <summary>The number of the day of an instant.</summary>
    /// <param name="instant">The instant.</param>
    public static int Of(DateTimeOffset instant) => (int)Math.Floor((instant - DateTimeOffset.UnixEpoch).TotalDays);

    /// <summary>The day of a number.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    public static DateOnly ToDate(int day) => DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddDays(day).UtcDateTime);
}
