using System.Globalization;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class CalendarMonthTests
{
    [TestCase("2025-02-28T21:59:59.9999999Z", "February 2025")]
    [TestCase("2025-02-28T22:00:00Z", "March 2025")]
    [TestCase("2025-02-28T22:30:00Z", "March 2025")]
    [TestCase("2024-02-28T22:30:00Z", "February 2024")]
    [TestCase("2024-02-29T21:59:59Z", "February 2024")]
    [TestCase("2024-02-29T22:00:00Z", "March 2024")]
    [TestCase("2025-12-31T21:59:59Z", "December 2025")]
    [TestCase("2025-12-31T22:00:00Z", "January 2026")]
    [TestCase("2025-04-30T23:59:59+02:00", "April 2025")]
    [TestCase("2025-04-30T23:30:00-05:00", "May 2025")]
    public void Of_WhenTheZoneIsJohannesburg_IsTheMonthOnItsCalendars(string instant, string expected) =>
        Assert.That(Of(instant, "Africa/Johannesburg").ToString(), Is.EqualTo(expected));

    [TestCase("UTC", "February 2025")]
    [TestCase("Africa/Johannesburg", "March 2025")]
    [TestCase("America/New_York", "February 2025")]
    [TestCase("Pacific/Kiritimati", "March 2025")]
    public void Of_WhenTheZoneDiffers_MayBeAnotherMonth(string zone, string expected) =>
        Assert.That(Of("2025-02-28T22:30:00Z", zone).ToString(), Is.EqualTo(expected));

    [Test]
    public void Of_WhenTheMonthIsTheSame_NamesOnePeriod() =>
        Assert.That(
            Of("2025-02-28T22:00:00Z", "Africa/Johannesburg"), Is.EqualTo(Of("2025-03-31T21:59:59Z", "Africa/Johannesburg")));

    [Test]
    [SetCulture("de-DE")]
    public void ToString_WhenTheCultureIsAnother_StaysEnglish() =>
        Assert.That(new CalendarMonth(new DateOnly(2025, 3, 1)).ToString(), Is.EqualTo("March 2025"));

    private static CalendarMonth Of(string instant, string zone) =>
        CalendarMonth.Of(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));
}
