using System.Net;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class MessageLogTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task LogMessage_WhenItIsAnswered_IsInTheDatabaseAndCostsNothing()
    {
        var person = await Api.RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogAsync(Api, person.ApiKey)));
        var stored = await Platform.QueryAsync(db => db.Set<MessageLog>().Where(log => log.Email == person.Email).ToListAsync());
        var verified = await Api.VerifyAsync(person.ApiKey);

        answers[0].AssertMessage("Message logged successfully");
        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(stored, Has.Count.EqualTo(20));
        Assert.That(
            (stored[0].Username, stored[0].Model, stored[0].Messages, stored[0].ResearchModel),
            Is.EqualTo((person.Username, "gpt-3.5-turbo", """[{"role":"user","content":"<b>Hello</b>"}]""", true)));
        Assert.That(verified["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(9));
    }

    [TestCase("""{"messages":[{"role":"user","content":"Hi"}]}""", "body.model", "missing", "Field required")]
    [TestCase("""{"model":"m"}""", "body.messages", "missing", "Field required")]
    [TestCase("""{"model":"m","messages":["Hi"]}""", "body.messages", "list_type", "Input should be a valid list")]
    [TestCase("""{"model":"m","messages":[{"role":"user"}]}""", "body.messages", "value_error", "Input should be a list of 1 to 1000 objects with role and content")]
    [TestCase("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"research_model":1}""", "body.research_model", "bool_type", "Input should be a valid boolean")]
    public async Task LogMessage_WithAWrongField_SaysWhich(string body, string place, string type, string words)
    {
        var person = await Api.RegisterAsync();

        (await Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/log-message", person.ApiKey, System.Text.Json.Nodes.JsonNode.Parse(body)))
            .AssertFault(place, type, words);
    }

    [Test]
    public async Task Jobs_ThatFellDueWhileNobodyRan_AreMadeGoodOnceByOneReplica()
    {
        await using var files = await TestDatabase.CreateAsync(Database);
        await using var one = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString), ("Jobs:Interval", "01:00:00"));
        await using var other = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString), ("Jobs:Interval", "01:00:00"));
        var start = new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);
        one.Clock.Set(start);
        other.Clock.Set(start);
        var api = one.Api();
        var person = await api.RegisterAsync();
        await LogAsync(api, person.ApiKey);
        await api.BearerAsync(HttpMethod.Put, $"/api/v1/admin/users/{person.Username}", TestPlatform.AdminKey, new { credits = new { main = 1, reset = 5 } });
        await RunAsync(one);

        one.Clock.Set(start.AddDays(1));
        other.Clock.Set(start.AddDays(1));
        await Task.WhenAll(RunAsync(one), RunAsync(other));

        var runs = await one.QueryAsync(db => db.Set<JobRun>().Where(run => run.Outcome != JobOutcome.Noted).ToListAsync());
        var usage = await api.BearerAsync(HttpMethod.Get, "/api/v1/admin/usage?days=1", TestPlatform.AdminKey);
        var credits = await one.QueryAsync(db => db.Set<PersonProfile>().Select(profile => profile.Credits).ToListAsync());
        Assert.That(
            runs.Select(run => (run.Job, run.Outcome)).Order(),
            Is.EqualTo(new[] { "daily_credits", "expiry_sweep", "payment_reconciliation", "signing_key_rotation", "usage_report" }.Select(job => (job, JobOutcome.Succeeded))));
        Assert.That(usage.Json.ToJsonString(), Is.EqualTo("""[{"day":"2026-03-03","active_users":1,"by_model":{"gpt-3.5-turbo":1}}]"""));
        Assert.That(credits, Has.All.EqualTo(5));
    }

    [Test]
    public async Task CleanUp_OnSunday_DeletesWhatIsOlderThanNinetyDaysAndRotatesTheOldKey()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Jobs:Interval", "01:00:00"));
        var api = platform.Api();
        var person = await api.RegisterAsync();
        await LogAsync(api, person.ApiKey);
        await RunAsync(platform);

        platform.Clock.Advance(TimeSpan.FromDays(80));
        await LogAsync(api, person.ApiKey);
        await RunAsync(platform);
        var before = await CountAsync();
        platform.Clock.Advance(TimeSpan.FromDays(20));
        await RunAsync(platform);

        Assert.That((before, await CountAsync()), Is.EqualTo((2, 1)));
        Assert.That(await platform.QueryAsync(db => db.Set<SigningKey>().CountAsync(key => key.RetiresAt == null)), Is.EqualTo(1));
        Assert.That(await platform.QueryAsync(db => db.Set<SigningKey>().CountAsync()), Is.EqualTo(2));
        await api.LoginAsync("/api/v1/auth/login", new { email = person.Email, password = People.Password });

        Task<int> CountAsync() => platform.QueryAsync(db => db.Set<MessageLog>().CountAsync());
    }

    [Test]
    public async Task Health_TellsOfEveryJob()
    {
        await RunAsync(Platform);

        var health = await Api.GetAsync("/health");

        Assert.That(health["scheduler_running"]!.GetValue<bool>(), Is.True);
        Assert.That(health["message_buffer_size"]!.GetValue<int>(), Is.Not.Negative);
        Assert.That(
            health["jobs"]!.AsArray().Select(job => job!["name"]!.GetValue<string>()),
            Is.EquivalentTo(new[]
            {
                "daily_credits", "expiry_sweep", "signing_key_rotation", "message_log_cleanup", "job_run_cleanup", "usage_report", "memory_check",
                "payment_reconciliation", "payment_event_cleanup",
            }));
        Assert.That(health["jobs"]!.AsArray().Select(job => job!["next_run"]), Has.All.Not.Null);
    }

    [Test]
    public async Task Usage_WithWrongDays_SaysSo() =>
        (await Api.BearerAsync(HttpMethod.Get, "/api/v1/admin/usage?days=366", TestPlatform.AdminKey))
            .AssertFault("query.days", "less_than_equal", "Input should be less than or equal to 365");

    [Test]
    public async Task Info_NeedsNoCredential()
    {
        var info = await Api.GetAsync("/api/v1/info");

        Assert.That(info["name"]!.GetValue<string>(), Is.EqualTo("AiPlatform"));
        Assert.That(info["endpoints"]!["verify_key"]!.GetValue<string>(), Is.EqualTo("POST /api/v1/auth/verify-key"));
    }

    private static Task RunAsync(TestPlatform platform) =>
        platform.Services.GetRequiredService<IJobSchedule>().RunDueAsync(CancellationToken.None);

    private static Task<Answer> LogAsync(Api api, string key) => api.BearerAsync(
        HttpMethod.Post,
        "/api/v1/auth/log-message",
        key,
        new { model = "gpt-3.5-turbo", messages = new[] { new { role = "user", content = "<b>Hello</b>" } }, research_model = true });
}
