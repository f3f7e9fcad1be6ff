using System.Globalization;

namespace AiPlatform.Domain.Metering;

/// <summary>How often an account starts anew.</summary>
public enum PeriodRule
{
    /// <summary>Never: what is granted stays until it is spent.</summary>
    Always,

    /// <summary>Each calendar month of the platform's time zone.</summary>
    Month,

    /// <summary>Each day of the platform's time zone, at 00:00.</summary>
    Day,

    /// <summary>Each minute, UTC.</summary>
    Minute,
}

/// <summary>
/// The period of an account, by its label: <c>always</c>, <c>2026-11</c>, <c>2026-11-22</c> or <c>2026-11-22T03:45Z</c>. A
/// label names the same period whatever the clock does afterwards: a clock that steps back finds the account of before.
/// </summary>
/// <param name="Label">The label; ASCII, at most <see cref="MaxLength"/> characters.</param>
public readonly record struct Period(string Label) : IComparable<Period>
{
    /// <summary>Longest label, in characters.</summary>
    public const int MaxLength = 20;

    /// <summary>The one period of an account that never starts anew.</summary>
    public static Period Always { get; } = new("always");

    /// <summary>The period of a calendar month.</summary>
    /// <param name="month">The month.</param>
    public static Period Of(CalendarMonth month) => new(month.FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    /// <summary>The period that <paramref name="instant"/> falls in.</summary>
    /// <param name="rule">How often the account starts anew.</param>
    /// <param name="instant">Any instant.</param>
    /// <param name="zone">The zone whose calendar counts.</param>
    public static Period Of(PeriodRule rule, DateTimeOffset instant, TimeZoneInfo zone) => rule switch
    {
        PeriodRule.Always => Always,
        PeriodRule.Month => Of(CalendarMonth.Of(instant, zone)),
        PeriodRule.Day => new(TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        PeriodRule.Minute => new(instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture)),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    /// <summary>When the period after the one of <paramref name="instant"/> starts; <see langword="null"/> where none does.</summary>
    /// <param name="rule">How often the account starts anew.</param>
    /// <param name="instant">Any instant.</param>
    /// <param name="zone">The zone whose calendar counts.</param>
    public static DateTimeOffset? NextStart(PeriodRule rule, DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return rule switch
        {
            PeriodRule.Always => null,
            PeriodRule.Month => FirstInstantOf(new DateOnly(local.Year, local.Month, 1).AddMonths(1), instant, instant.AddDays(33), zone),
            PeriodRule.Day => FirstInstantOf(DateOnly.FromDateTime(local.Date).AddDays(1), instant, instant.AddDays(2), zone),
            PeriodRule.Minute => new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
    }

    /// <summary>Orders by label.</summary>
    /// <param name="other">The period to compare with.</param>
    public int CompareTo(Period other) => string.CompareOrdinal(Label, other.Label);

    /// <summary>Orders by label.</summary>
    public static bool operator <(Period left, Period right) => left.CompareTo(right) < 0;

    /// <summary>Orders by label.</summary>
    public static bool operator >(Period left, Period right) => left.CompareTo(right) > 0;

    /// <summary>Orders by label.</summary>
    public static bool operator <=(Period left, Period right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by label.</summary>
    public static bool operator >=(Period left, Period right) => left.CompareTo(right) >= 0;

    /// <summary>The label.</summary>
    public override string ToString() => Label;

    /// <summary>
    /// The first instant at which calendars of a zone show a day or a later one. It is looked for, not computed: a midnight may
    /// not exist, exist twice, or lie in a day that the zone skips, and then asking for its offset answers wrongly.
    /// </summary>
    private static DateTimeOffset FirstInstantOf(DateOnly day, DateTimeOffset before, DateTimeOffset after, TimeZoneInfo zone)
    {
        var (low, high) = (before.UtcTicks, after.UtcTicks);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            var local = TimeZoneInfo.ConvertTime(new DateTimeOffset(middle, TimeSpan.Zero), zone);
            if (DateOnly.FromDateTime(local.Date) < day)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return new DateTimeOffset(high, TimeSpan.Zero);
    }
}
