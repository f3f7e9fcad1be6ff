using System.Net;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Tokens on a platform of its own, whose clock moves or whose limits are as shipped.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class TokenUsePlatformTests(DatabaseProvider database)
{
    [Test]
    public async Task Reservation_WhenItsTimeIsOver_IsGivenBack()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "01:00:00"));
        var api = platform.Api();
        var person = await api.NewcomerAsync();
        await api.BearerAsync(HttpMethod.Post, "/tokens/reserve?amount=10000", person.AccessToken);

        platform.Clock.Advance(TimeSpan.FromMinutes(16));
        await platform.Services.GetRequiredService<IExpiredHolds>().ResolveAsync(CancellationToken.None);

        var balance = await api.BearerAsync(HttpMethod.Get, "/tokens/balance", person.AccessToken);
        Assert.That((balance["tokens_remaining"]!.GetValue<long>(), balance["tokens_used"]!.GetValue<long>()), Is.EqualTo((10_000, 0)), balance.Text);
        var state = await platform.QueryAsync(db => db.Set<Hold>().Select(hold => hold.State).SingleAsync());
        Assert.That(state, Is.EqualTo(HoldState.Released));
    }

    [Test]
    public async Task Tokens_InTheNextMonth_StartAnewAndAReservationServesThem()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "01:00:00"));
        platform.Clock.Set(new DateTimeOffset(2027, 1, 31, 21, 50, 0, TimeSpan.Zero));
        var api = platform.Api();
        var person = await api.UserAsync();
        await api.PostAsync("/tokens/consume?amount=4000", null, person.ApiKey);
        await api.PostAsync("/tokens/reserve?amount=5000", null, person.ApiKey);

        // Midnight in Johannesburg.
        platform.Clock.Set(new DateTimeOffset(2027, 1, 31, 22, 1, 0, TimeSpan.Zero));
        var renewed = await api.GetAsync("/tokens/balance", person.ApiKey);
        var consumed = await api.PostAsync("/tokens/consume?amount=9000", null, person.ApiKey);

        Assert.That(renewed["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(10_000));
        Assert.That(consumed.Text, Is.EqualTo("""{"success":true,"consumed":9000,"remaining":1000,"total_used":9000}"""));
        var held = await platform.QueryAsync(db => db.Set<LedgerAccount>().Where(account => account.Meter == Meter.Tokens).SumAsync(account => account.Held));
        Assert.That(held, Is.Zero);
    }

    [Test]
    public async Task Limits_AsShipped_AreTheDocumentedOnesAndHold()
    {
        await using var platform = await TestPlatform.StartAsync(
            database, ("RateLimits:TokensPerMinute", "60"), ("RateLimits:TokensPerHour", "1000"), ("RateLimits:TokensPerDay", "10000"));
        platform.Clock.Set(new DateTimeOffset(2027, 1, 1, 0, 0, 1, TimeSpan.Zero));
        var api = platform.Api();
        var person = await api.UserAsync();

        var limits = await api.GetAsync("/tokens/limits", person.ApiKey);
        for (var count = 1; count < 60; count++)
        {
            Assert.That((await api.GetAsync("/tokens/balance", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        var refused = await api.GetAsync("/tokens/balance", person.ApiKey);
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        var nextMinute = await api.GetAsync("/tokens/balance", person.ApiKey);

        Assert.That(
            limits["rate_limits"]!.ToJsonString(), Is.EqualTo("""{"requests_per_minute":60,"requests_per_hour":1000,"requests_per_day":10000}"""));
        refused.AssertDetail(HttpStatusCode.TooManyRequests, "Rate limit exceeded");
        Assert.That(nextMinute.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Limits_OfTheHour_HoldWhereTheMinuteHasMore()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("RateLimits:TokensPerHour", "3"));
        platform.Clock.Set(new DateTimeOffset(2027, 1, 1, 0, 10, 0, TimeSpan.Zero));
        var api = platform.Api();
        var person = await api.UserAsync();
        for (var count = 0; count < 3; count++)
        {
            await api.GetAsync("/tokens/balance", person.ApiKey);
            platform.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        var refused = await api.GetAsync("/tokens/balance", person.ApiKey);
        platform.Clock.Set(new DateTimeOffset(2027, 1, 1, 1, 0, 1, TimeSpan.Zero));

        refused.AssertDetail(HttpStatusCode.TooManyRequests, "Rate limit exceeded");
        Assert.That((await api.GetAsync("/tokens/balance", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
