using System.Globalization;
using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Who used what and what it cost, for oneself and for administrators.</summary>
public sealed class UsageTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Usage_OfOneself_IsSummedByModelAndDay()
    {
        var (person, other) = (await Api.UserAsync(), await Api.UserAsync());
        await AskAsync(person, "gpt-4o-mini", 2);
        await AskAsync(person, "gpt-4o", 1);
        await AskAsync(other, "gpt-4o", 1);

        var answer = await Api.GetAsync("/usage?group_by=model,day", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var rows = answer["usage"]!.AsArray().ToDictionary(row => row!["model"]!.GetValue<string>(), row => row!);
        Assert.That(rows.Keys, Is.EquivalentTo(new[] { "gpt-4o-mini", "gpt-4o" }));
        Assert.That(rows["gpt-4o-mini"]["calls"]!.GetValue<long>(), Is.EqualTo(2));
        Assert.That(rows["gpt-4o-mini"]["credits"]!.GetValue<decimal>(), Is.EqualTo(2));
        Assert.That(rows["gpt-4o"]["credits"]!.GetValue<decimal>(), Is.EqualTo(2));
        Assert.That(rows["gpt-4o"]["prompt_tokens"]!.GetValue<long>(), Is.Positive);
        Assert.That(rows["gpt-4o"]["day"]!.GetValue<string>(), Is.EqualTo(Platform.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.That(rows["gpt-4o"]["user_id"], Is.Null);
    }

    [Test]
    public async Task Usage_AsCsv_IsATable()
    {
        var person = await Api.UserAsync();
        await AskAsync(person, "gpt-4o", 1);

        var answer = await Api.GetAsync("/usage?group_by=model&format=csv", person.ApiKey);

        var lines = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2), answer.Text);
        Assert.That(lines[0], Does.StartWith("user_id,team_id,api_key_id,model,"));
        Assert.That(lines[1], Does.StartWith(",,,gpt-4o,,,,1,"));
    }

    [TestCase("/usage?format=xml")]
    [TestCase("/usage?format=CSV")]
    [TestCase("/admin/usage?format=xlsx")]
    public async Task Usage_InAFormThatThereIsNone_IsRefused(string path) =>
        (await Api.GetAsync(path, TestPlatform.AdminKey)).AssertBadRequest("format must be one of: json, csv");

    [Test]
    public async Task Usage_WhenItsFormIsNamed_IsWrittenSoWhateverIsAccepted()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/usage?format=json");
        request.Headers.Add("Accept", "text/csv");
        request.Headers.Add("API-Key", TestPlatform.AdminKey);

        Assert.That((await Api.SendAsync(request))["usage"], Is.Not.Null);
    }

    [Test]
    public async Task Usage_OfATeam_IsThatOfItsMembersNow()
    {
        var (person, stranger) = (await Api.UserAsync(), await Api.UserAsync());
        var team = await Api.PostAsync("/admin/create-team", new { token = await Api.TokenAsync(), team_name = Unique.Handle() }, TestPlatform.AdminKey);
        await Api.PostAsync(
            "/admin/assign-team", new { token = await Api.TokenAsync(), user_id = person.Id, team_id = team["team_id"]!.GetValue<string>() }, TestPlatform.AdminKey);
        await AskAsync(person, "gpt-4o", 1);
        await AskAsync(stranger, "gpt-4o", 1);

        var answer = await Api.GetAsync($"/admin/usage?team_id={team["team_id"]}&group_by=team,user,key", TestPlatform.AdminKey);

        var row = answer["usage"]!.AsArray().Single()!;
        Assert.That(row["team_id"]!.GetValue<string>(), Is.EqualTo(team["team_id"]!.GetValue<string>()), answer.Text);
        Assert.That(row["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
        Assert.That(row["api_key_id"], Is.Not.Null);
    }

    [Test]
    public async Task Usage_OfOthers_IsForAdministratorsAlone()
    {
        var person = await Api.UserAsync();
        await AskAsync(person, "gpt-4o", 1);

        (await Api.GetAsync("/admin/usage", person.ApiKey)).AssertForbidden("Admin privileges required to view usage");
        var answer = await Api.GetAsync($"/admin/usage?user_id={person.Id}", TestPlatform.AdminKey);

        Assert.That(answer["usage"]![0]!["calls"]!.GetValue<long>(), Is.EqualTo(1), answer.Text);
    }

    [TestCase("group_by=colour", "group_by must be some of: user, team, key, model, provider, route, day")]
    [TestCase("from=yesterday", "from must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("to=x", "to must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("from=2020-01-01&to=2026-01-01", "from must lie before to, at most 366 days")]
    [TestCase("from=2026-01-02&to=2026-01-01", "from must lie before to, at most 366 days")]
    [TestCase("to=0001-01-01", "from must lie before to, at most 366 days")]
    [TestCase("from=0001-01-01&to=0001-01-01", "from must lie before to, at most 366 days")]
    [TestCase("from=0001-01-01&to=9999-12-31T23:59:59.9999999Z", "from must lie before to, at most 366 days")]
    [TestCase("api_key_id=1", "api_key_id must be a UUID")]
    [TestCase("user_id=1", "user_id must be a UUID")]
    [TestCase("team_id=1", "team_id must be a UUID")]
    public async Task Usage_WhenTheQueryIsWrong_SaysSo(string query, string message) =>
        (await Api.GetAsync($"/admin/usage?{query}", TestPlatform.AdminKey)).AssertBadRequest(message);

    private async Task AskAsync(Person person, string model, int times)
    {
        for (var call = 0; call < times; call++)
        {
            var answer = await Api.PostAsync($"/llm/{model}", new { user_input = "Hello" }, token: person.Token);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        }
    }
}
