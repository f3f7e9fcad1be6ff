namespace AiPlatform.Domain.Metering;

/// <summary>A calendar month in the platform's time zone: the period of a monthly account.</summary>
/// <param name="FirstDay">The month's first day.</param>
public readonly record struct CalendarMonth(DateOnly FirstDay)
{
    /// <summary>The month that <paramref name="instant"/> falls in for people of <paramref name="zone"/>.</summary>
    /// <param name="instant">Any instant.</param>
    /// <param name="zone">The zone whose calendar counts.</param>
    public static CalendarMonth Of(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return new CalendarMonth(new DateOnly(local.Year, local.Month, 1));
    }

    /// <summary>English month and year, for example <c>March 2025</c>.</summary>
    public override string ToString() => FirstDay.ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
