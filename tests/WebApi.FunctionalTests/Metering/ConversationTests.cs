using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class ConversationTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string UsedUp = "Conversation limit exceeded. Limit resets every 24 hours.";

    [Test]
    public async Task VerifyKey_FiftyTimesAtOnceOnTen_SucceedsExactlyTenTimes()
    {
        var person = await Api.RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Api.VerifyAsync(person.ApiKey)));

        var refused = answers.Where(answer => answer.Status is HttpStatusCode.TooManyRequests).ToList();
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(10));
        Assert.That(refused, Has.Count.EqualTo(40));
        refused[0].AssertDetail(HttpStatusCode.TooManyRequests, UsedUp);
        var account = await AccountAsync(person);
        Assert.That((account.Granted, account.Held, account.Spent), Is.EqualTo((10, 0, 10)));
    }

    [Test]
    public async Task VerifyKey_SentTwiceWithOneIdempotencyKey_TakesOne()
    {
        var person = await Api.RegisterAsync();
        var key = ("Idempotency-Key", Unique.Id().ToString());

        var first = await Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/verify-key", person.ApiKey, null, key);
        var second = await Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/verify-key", person.ApiKey, null, key);

        Assert.That(second.Text, Is.EqualTo(first.Text), second.Text);
        Assert.That((await AccountAsync(person)).Spent, Is.EqualTo(1));
    }

    [Test]
    public async Task VerifyKey_ManyAtOnce_TellsEachWhatItLeft()
    {
        var person = await Api.RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Api.VerifyAsync(person.ApiKey)));

        Assert.That(
            answers.Select(answer => answer["remaining_conversations"]!.GetValue<long>()).Order(),
            Is.EqualTo(Enumerable.Range(0, 10).Select(left => (long)left)));
    }

    [Test]
    public async Task VerifyKey_WithTheSessionOfTheSamePerson_TakesFromTheSameDay()
    {
        var person = await Api.RegisterAsync();
        await Api.VerifyAsync(person.ApiKey);

        var bySession = await Api.VerifyAsync(person.Session);

        Assert.That(bySession["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(8));
    }

    [Test]
    public async Task VerifyKey_AfterMidnight_HasAFullDayWithoutAnyJob()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Sessions:AccessTokenLifetime", "12:00:00"));
        platform.Clock.Set(new DateTimeOffset(2026, 3, 1, 21, 59, 0, TimeSpan.Zero));
        var api = platform.Api();
        var person = await api.RegisterAsync();
        for (var call = 0; call < 10; call++)
        {
            await api.VerifyAsync(person.ApiKey);
        }

        var before = await api.VerifyAsync(person.ApiKey);
        platform.Clock.Advance(TimeSpan.FromMinutes(2));
        var after = await api.VerifyAsync(person.ApiKey);

        before.AssertDetail(HttpStatusCode.TooManyRequests, UsedUp);
        Assert.That(after["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(9), after.Text);
    }

    [Test]
    public async Task ResetLimits_ByAnAdministrator_GivesEverybodyAFullDay()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var (one, other) = (await api.RegisterAsync(), await api.RegisterAsync());
        await api.BearerAsync(HttpMethod.Put, $"/api/v1/admin/users/{other.Username}", TestPlatform.AdminKey, new { limits = new { conversation_limit = 1, reset = 20 } });
        for (var call = 0; call < 11; call++)
        {
            await api.VerifyAsync(one.ApiKey);
        }

        await api.VerifyAsync(other.ApiKey);
        var empty = await api.VerifyAsync(other.ApiKey);
        var reset = await api.BearerAsync(HttpMethod.Post, "/api/v1/admin/reset-limits", TestPlatform.AdminKey);
        var twice = await api.BearerAsync(HttpMethod.Post, "/api/v1/admin/reset-limits", TestPlatform.AdminKey);

        empty.AssertDetail(HttpStatusCode.TooManyRequests, UsedUp);
        reset.AssertMessage("All user limits reset successfully");
        twice.AssertMessage("All user limits reset successfully");
        Assert.That((await api.VerifyAsync(one.ApiKey))["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(9));
        Assert.That((await api.VerifyAsync(other.ApiKey))["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(19));
    }

    [Test]
    public async Task ResetLimits_ByAnybodyElse_IsForbidden()
    {
        var person = await Api.RegisterAsync();

        (await Api.BearerAsync(HttpMethod.Post, "/api/v1/admin/reset-limits", person.Session))
            .AssertDetail(HttpStatusCode.Forbidden, "Admin access required");
    }

    private Task<LedgerAccount> AccountAsync(Registered person) => Platform.QueryAsync(db => (
        from account in db.Set<LedgerAccount>()
        join user in db.Set<Domain.Identity.User>() on account.OwnerId equals user.Id
        where user.Email == person.Email && account.Meter == Meter.Conversations
        select account).SingleAsync());
}

/// <summary>Two processes on one database share a day's conversations.</summary>
public sealed class ConversationReplicaTests
{
    [Test]
    public async Task VerifyKey_FiftyTimesOverTwoReplicas_SucceedsExactlyTenTimes()
    {
        await using var files = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var one = await TestPlatform.StartAsync(files.Provider, ("ConnectionStrings:Default", files.ConnectionString));
        await using var other = await TestPlatform.StartAsync(files.Provider, ("ConnectionStrings:Default", files.ConnectionString));
        Api[] apis = [one.Api(), other.Api()];
        var person = await apis[0].RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => apis[call % 2].VerifyAsync(person.ApiKey)));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(10));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.TooManyRequests), Is.EqualTo(40));
    }
}
