using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What the cache of answers saved, as administrators and callers see it.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class SavingsTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [Test]
    public async Task Savings_WhenAnswersWereGivenAgain_AreTotalledByKeyModelAndDay()
    {
        var (person, key) = await CachingPersonAsync();
        await _platform.FundAsync("user", person.Id, credits: true, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        await _platform.SetLimitAsync("api_key", key, "key_budget", Dollar);
        var (mini, full) = (Mark(), Mark());
        await AskAsync(person, "gpt-4o-mini", mini, times: 3);
        await AskAsync(person, "gpt-4o", full, times: 2);
        _platform.Platform.Clock.Advance(TimeSpan.FromDays(1));
        await AskAsync(person, "gpt-4o-mini", mini, times: 1);

        var all = await OwnAsync(person);

        const long perMini = (100 * 150) + (50 * 600);
        const long perFull = (100 * 2_500) + (50 * 10_000);
        Assert.That(Lines(all), Is.EqualTo(new[]
        {
            ("2025-03-13", "gpt-4o-mini", 1, perMini, 1m),
            ("2025-03-12", "gpt-4o", 1, perFull, 1m),
            ("2025-03-12", "gpt-4o-mini", 2, 2 * perMini, 2m),
        }), all.Text);
        Assert.That(all["savings"]!.AsArray().Select(line => line!["api_key_id"]!.GetValue<Guid>()), Has.All.EqualTo(key));
        Assert.That(all["savings"]!.AsArray().Select(line => line!["user_id"]!.GetValue<Guid>()), Has.All.EqualTo(person.Id));
        Assert.That(
            JsonNode.DeepEquals(all["total"], JsonNode.Parse($$"""{"hits":4,"saved_nano_usd":{{(3 * perMini) + perFull}},"saved_credits":4}""")), Is.True, all.Text);
        var administrators = await AdminAsync($"user_id={person.Id}");
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(administrators.Text), JsonNode.Parse(all.Text)), Is.True, administrators.Text);
        Assert.That(_platform.Platform.Log.Text, Does.Not.Contain("Microsoft.EntityFrameworkCore.Query"), "nothing of the query is unpredictable");
    }

    [Test]
    public async Task Savings_WhenDaysAndPagesAreNamed_AreThose()
    {
        var (person, key) = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, "gpt-4o-mini", marker, times: 2);
        for (var day = 0; day < 2; day++)
        {
            _platform.Platform.Clock.Advance(TimeSpan.FromDays(1));
            await AskAsync(person, "gpt-4o-mini", marker, times: 1);
        }

        Assert.That(Days(await OwnAsync(person, "from=2025-03-13")), Is.EqualTo(new[] { "2025-03-14", "2025-03-13" }));
        Assert.That(Days(await OwnAsync(person, "to=2025-03-12")), Is.EqualTo(new[] { "2025-03-12" }));
        Assert.That(Days(await OwnAsync(person, "from=2025-03-13&to=2025-03-13")), Is.EqualTo(new[] { "2025-03-13" }));
        Assert.That(Days(await OwnAsync(person, $"api_key_id={key}")), Has.Count.EqualTo(3));
        Assert.That(Days(await OwnAsync(person, $"api_key_id={Unique.Id()}")), Is.Empty);
        var (first, second) = (await OwnAsync(person, "per_page=2"), await OwnAsync(person, "per_page=2&page=2"));
        Assert.That((Days(first), first["has_more"]!.GetValue<bool>()), Is.EqualTo((new List<string> { "2025-03-14", "2025-03-13" }, true)));
        Assert.That((Days(second), second["has_more"]!.GetValue<bool>()), Is.EqualTo((new List<string> { "2025-03-12" }, false)));
        Assert.That(second["total"]!["hits"]!.GetValue<int>(), Is.EqualTo(3), "the total is that of all pages");
    }

    [Test]
    public async Task Savings_WhenTheyAreAnothersAccounts_AreNotShown()
    {
        var ((one, _), (other, key)) = (await CachingPersonAsync(), await CachingPersonAsync());
        await AskAsync(other, "gpt-4o-mini", Mark(), times: 2);

        Assert.That(Days(await OwnAsync(one)), Is.Empty);
        Assert.That(Days(await OwnAsync(one, $"api_key_id={key}")), Is.Empty);
        Assert.That(Days(await AdminAsync($"user_id={one.Id}")), Is.Empty);
    }

    [Test]
    public async Task Saving_WhenItsAnswerIsGivenAgain_IsWrittenWithTheAuditRecordOfTheHit()
    {
        var (person, key) = await CachingPersonAsync();
        var marker = Mark();
        var answers = await AskAsync(person, "gpt-4o-mini", marker, times: 2);

        var saved = await _platform.Platform.QueryAsync(db => db.Set<SavedCall>().AsNoTracking().SingleAsync(call => call.UserId == person.Id));

        Assert.That((saved.RequestId, saved.EarlierRequestId), Is.EqualTo((answers[1].RequestId(), answers[0].RequestId())));
        Assert.That((saved.ApiKeyId, saved.Money, saved.Credits), Is.EqualTo((key, 0L, 1_000L)));
        var record = await _platform.Platform.AuditRecordAsync(answers[1].RequestId());
        Assert.That(record.ReplayOf, Is.EqualTo(saved.EarlierRequestId));
        var chain = await Api.GetAsync("/audit/verify", TestPlatform.AdminKey);
        Assert.That(chain.Status, Is.EqualTo(HttpStatusCode.OK), chain.Text);
    }

    [TestCase("from=12.03.2025", "from must be a day such as 2025-03-05")]
    [TestCase("to=2025-02-30", "to must be a day such as 2025-03-05")]
    [TestCase("api_key_id=7", "api_key_id must be a UUID")]
    [TestCase("page=0", "page must be a number from 1 to 100000")]
    [TestCase("per_page=101", "per_page must be a number from 1 to 100")]
    public async Task Savings_WhenTheFilterIsWrong_AreRefused(string filter, string message)
    {
        var person = await Api.UserAsync();

        foreach (var answer in new[] { await OwnAsync(person, filter, HttpStatusCode.BadRequest), await AdminAsync(filter, HttpStatusCode.BadRequest) })
        {
            Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo(message));
        }
    }

    [Test]
    public async Task Savings_WhenTheCallerIsNoAdministrator_AreTheirOwnAlone()
    {
        var person = await Api.UserAsync();

        Assert.That((await Api.GetAsync("/admin/caching/savings", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Api.GetAsync("/admin/caching/savings?user_id=7", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await Api.GetAsync("/caching/savings")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private static IEnumerable<(string Day, string Model, int Hits, long Money, decimal Credits)> Lines(Answer answer) =>
        answer["savings"]!.AsArray().Select(line => (
            line!["day"]!.GetValue<string>(),
            line["model"]!.GetValue<string>(),
            line["hits"]!.GetValue<int>(),
            line["saved_nano_usd"]!.GetValue<long>(),
            line["saved_credits"]!.GetValue<decimal>()));

    private static List<string> Days(Answer answer) => [.. Lines(answer).Select(line => line.Day)];

    private async Task<Answer> OwnAsync(Person person, string filter = "", HttpStatusCode status = HttpStatusCode.OK) =>
        Checked(await Api.GetAsync($"/caching/savings?{filter}", person.ApiKey), status);

    private async Task<Answer> AdminAsync(string filter, HttpStatusCode status = HttpStatusCode.OK) =>
        Checked(await Api.GetAsync($"/admin/caching/savings?{filter}", TestPlatform.AdminKey), status);

    private static Answer Checked(Answer answer, HttpStatusCode status)
    {
        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        return answer;
    }

    private string Mark()
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, Upstream.Ok(usage: Upstream.Usage(100, 50)));
        return marker;
    }

    private async Task<(Person Person, Guid Key)> CachingPersonAsync()
    {
        var person = await Api.UserAsync();
        var key = await _platform.KeyOfAsync(person);
        Checked(await _platform.ChangeAsync(
            HttpMethod.Put, "/admin/caching", new JsonObject { ["api_key_id"] = key.ToString(), ["lifetime_seconds"] = 30 * 86_400 }), HttpStatusCode.OK);
        return (person, key);
    }

    private async Task<List<Answer>> AskAsync(Person person, string model, string text, int times)
    {
        var answers = new List<Answer>();
        for (var time = 0; time < times; time++)
        {
            answers.Add(Checked(await Api.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","temperature":0,"max_tokens":60,"messages":[{"role":"user","content":"{{text}}{{new string('x', 500)}}"}]}""",
                person.ApiKey), HttpStatusCode.OK));
        }

        return answers;
    }
}
