using System.Globalization;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

/// <summary>Which period an instant falls in and when the next one starts, on the calendars of zones that jump, skip and repeat.</summary>
public sealed class PeriodTests
{
    [TestCase("2025-02-28T21:59:59.9999999Z", "2025-02", "2025-02-28T22:00:00Z")]
    [TestCase("2025-02-28T22:00:00Z", "2025-03", "2025-03-31T22:00:00Z")]
    [TestCase("2024-02-29T21:59:59Z", "2024-02", "2024-02-29T22:00:00Z")]
    [TestCase("2024-02-28T22:30:00Z", "2024-02", "2024-02-29T22:00:00Z")]
    [TestCase("2000-02-29T12:00:00Z", "2000-02", "2000-02-29T22:00:00Z")]
    [TestCase("2100-02-28T21:59:59Z", "2100-02", "2100-02-28T22:00:00Z")]
    [TestCase("2025-04-30T12:00:00Z", "2025-04", "2025-04-30T22:00:00Z")]
    [TestCase("2025-12-31T21:59:59Z", "2025-12", "2025-12-31T22:00:00Z")]
    [TestCase("2025-12-31T22:00:00Z", "2026-01", "2026-01-31T22:00:00Z")]
    public void Month_WhenTheZoneIsJohannesburg_EndsWithTheMonthOnItsCalendars(string instant, string label, string next) =>
        AssertPeriod(PeriodRule.Month, "Africa/Johannesburg", instant, label, next);

    [TestCase("2025-03-01T04:59:59Z", "2025-02", "2025-03-01T05:00:00Z")]
    [TestCase("2025-03-01T05:00:00Z", "2025-03", "2025-04-01T04:00:00Z")]
    [TestCase("2025-11-01T03:59:59Z", "2025-10", "2025-11-01T04:00:00Z")]
    [TestCase("2025-11-01T04:00:00Z", "2025-11", "2025-12-01T05:00:00Z")]
    public void Month_WhenSummerTimeStartsOrEndsWithinIt_EndsAtItsOwnMidnight(string instant, string label, string next) =>
        AssertPeriod(PeriodRule.Month, "America/New_York", instant, label, next);

    [TestCase("UTC", "2025-02")]
    [TestCase("Africa/Johannesburg", "2025-03")]
    [TestCase("America/New_York", "2025-02")]
    [TestCase("Pacific/Kiritimati", "2025-03")]
    public void Month_WhenThePlatformsZoneChanges_IsTheNewZonesFromThenOn(string zone, string label) =>
        AssertPeriod(PeriodRule.Month, zone, "2025-02-28T22:30:00Z", label);

    [TestCase("2025-03-09T04:59:59Z", "2025-03-08", "2025-03-09T05:00:00Z")]
    [TestCase("2025-03-09T05:00:00Z", "2025-03-09", "2025-03-10T04:00:00Z", 23)]
    [TestCase("2025-11-02T04:00:00Z", "2025-11-02", "2025-11-03T05:00:00Z", 25)]
    public void Day_WhenTheClockJumps_LastsAnHourLessOrMore(string instant, string label, string next, int hours = 24)
    {
        AssertPeriod(PeriodRule.Day, "America/New_York", instant, label, next);
        if (hours != 24)
        {
            Assert.That((At(next) - At(instant)).TotalHours, Is.EqualTo(hours));
        }
    }

    [TestCase("2018-11-04T02:59:59Z", "2018-11-03", "2018-11-04T03:00:00Z", Description = "23:59:59, and the next second is 01:00")]
    [TestCase("2018-11-04T03:00:00Z", "2018-11-04", "2018-11-05T02:00:00Z", Description = "01:00 of the day without a midnight")]
    public void Day_WhenItsMidnightDoesNotExist_StartsWhenTheClockHasJumped(string instant, string label, string next) =>
        AssertPeriod(PeriodRule.Day, "America/Sao_Paulo", instant, label, next);

    [TestCase("2018-02-18T01:59:59Z", "2018-02-17", Description = "23:59:59 for the first time")]
    [TestCase("2018-02-18T02:00:00Z", "2018-02-17", Description = "23:00 for the second time")]
    [TestCase("2018-02-18T02:59:59Z", "2018-02-17", Description = "23:59:59 for the second time")]
    [TestCase("2018-02-18T03:00:00Z", "2018-02-18")]
    public void Day_WhenItsLastHourExistsTwice_EndsAfterTheSecond(string instant, string label) =>
        AssertPeriod(PeriodRule.Day, "America/Sao_Paulo", instant, label, label == "2018-02-17" ? "2018-02-18T03:00:00Z" : "2018-02-19T03:00:00Z");

    [TestCase("2024-11-03T03:59:59Z", "2024-11-02", "2024-11-03T04:00:00Z")]
    [TestCase("2024-11-03T04:00:00Z", "2024-11-03", "2024-11-04T05:00:00Z", Description = "00:00 for the first time")]
    [TestCase("2024-11-03T05:00:00Z", "2024-11-03", "2024-11-04T05:00:00Z", Description = "00:00 for the second time")]
    [TestCase("2024-11-03T05:30:00Z", "2024-11-03", "2024-11-04T05:00:00Z", Description = "00:30 for the second time")]
    public void Day_WhenItsMidnightExistsTwice_StartsAtTheFirst(string instant, string label, string next) =>
        AssertPeriod(PeriodRule.Day, "America/Havana", instant, label, next);

    [TestCase("2011-12-30T09:59:59Z", "2011-12-29", Description = "The last second before the day that Samoa skipped")]
    [TestCase("2011-12-30T10:00:00Z", "2011-12-31", Description = "The first second after it")]
    public void Day_WhenTheZoneSkipsOne_IsTheOneBeforeOrTheOneAfter(string instant, string label) =>
        AssertPeriod(PeriodRule.Day, "Pacific/Apia", instant, label, label == "2011-12-29" ? "2011-12-30T10:00:00Z" : "2011-12-31T10:00:00Z");

    [TestCase("2025-03-12T12:00:00Z", "2025-03-12T12:00Z", "2025-03-12T12:01:00Z")]
    [TestCase("2025-03-12T12:00:59.9999999Z", "2025-03-12T12:00Z", "2025-03-12T12:01:00Z")]
    [TestCase("2025-03-12T23:59:30Z", "2025-03-12T23:59Z", "2025-03-13T00:00:00Z")]
    [TestCase("2025-03-12T12:00:30+05:45", "2025-03-12T06:15Z", "2025-03-12T06:16:00Z")]
    [TestCase("2024-11-03T05:30:00Z", "2024-11-03T05:30Z", "2024-11-03T05:31:00Z")]
    public void Minute_WhateverTheZone_IsUtcs(string instant, string label, string next)
    {
        foreach (var zone in new[] { "UTC", "America/Havana", "Asia/Kathmandu" })
        {
            AssertPeriod(PeriodRule.Minute, zone, instant, label, next);
        }
    }

    [Test]
    public void Always_AtAnyTime_IsOnePeriodThatNeverEnds()
    {
        Assert.That(Period.Of(PeriodRule.Always, At("2025-03-12T12:00:00Z"), Zone("UTC")), Is.EqualTo(Period.Always));
        Assert.That(Period.NextStart(PeriodRule.Always, At("2025-03-12T12:00:00Z"), Zone("UTC")), Is.Null);
    }

    [TestCase(PeriodRule.Minute, 90)]
    [TestCase(PeriodRule.Day, 90_000)]
    [TestCase(PeriodRule.Month, 3_000_000)]
    public void Of_WhenTheClockStepsBack_IsThePeriodOfBefore(PeriodRule rule, int seconds)
    {
        var (now, zone) = (At("2025-03-12T12:00:10Z"), Zone("Africa/Johannesburg"));
        var before = Period.Of(rule, now, zone);
        var after = Period.Of(rule, now.AddSeconds(seconds), zone);

        Assert.That(after, Is.GreaterThan(before));
        Assert.That(Period.Of(rule, now, zone), Is.EqualTo(before));
    }

    /// <summary>Hour by hour over years that jump, skip and repeat: the promises that every account stands on.</summary>
    [TestCase("Africa/Johannesburg", 2024)]
    [TestCase("America/New_York", 2024)]
    [TestCase("America/Havana", 2024)]
    [TestCase("America/Sao_Paulo", 2018)]
    [TestCase("Pacific/Apia", 2011)]
    [TestCase("Australia/Lord_Howe", 2024)]
    [TestCase("Asia/Kathmandu", 2024)]
    [TestCase("Africa/Casablanca", 2024)]
    public void NextStart_AtEveryHalfHourOfAYear_IsTheFirstInstantOfTheNextPeriod(string name, int year)
    {
        var zone = Zone(name);
        foreach (var rule in new[] { PeriodRule.Day, PeriodRule.Month })
        {
            for (var instant = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero); instant.Year == year; instant = instant.AddMinutes(30))
            {
                var (period, next) = (Period.Of(rule, instant, zone), Period.NextStart(rule, instant, zone)!.Value);

                Assert.That(next, Is.GreaterThan(instant), $"{name} {rule} {instant:O}");
                Assert.That(Period.Of(rule, next, zone), Is.GreaterThan(period), $"{name} {rule} {instant:O}");
                Assert.That(Period.Of(rule, next.AddTicks(-1), zone), Is.EqualTo(period), $"{name} {rule} {instant:O}");
            }
        }
    }

    private static void AssertPeriod(PeriodRule rule, string zone, string instant, string label, string? next = null)
    {
        Assert.That(Period.Of(rule, At(instant), Zone(zone)).Label, Is.EqualTo(label));
        Assert.That(label, Has.Length.LessThanOrEqualTo(Period.MaxLength));
        if (next is not null)
        {
            Assert.That(Period.NextStart(rule, At(instant), Zone(zone)), Is.EqualTo(At(next)));
        }
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);
}
