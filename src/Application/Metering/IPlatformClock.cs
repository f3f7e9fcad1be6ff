using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>The time, and the calendar that periods follow.</summary>
public interface IPlatformClock
{
    /// <summary>Now, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The platform's time zone, whose calendar months and days are periods.</summary>
    TimeZoneInfo Zone { get; }

    /// <summary>The calendar month that it is now in the platform's time zone.</summary>
    CalendarMonth CurrentMonth();
}
