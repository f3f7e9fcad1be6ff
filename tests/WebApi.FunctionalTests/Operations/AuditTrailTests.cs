using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class AuditTrailTests(DatabaseProvider database) : PlatformTests(database)
{
    private static readonly string[] Fields =
    [
        "request_id", "correlation_id", "started_at", "method", "path", "route_key", "endpoint_id", "user_id", "token_id", "api_key_id",
        "status", "elapsed_ms", "hold_id", "charge", "ip_address", "user_agent", "request_headers", "request_body", "response_body", "error",
        "replay_of", "chain_id", "chain_sequence", "chain_hash",
    ];

    [Test]
    public async Task Audit_WhenReadByRequestId_ShowsEveryFieldOfTheCall()
    {
        var person = await Api.UserAsync();
        var call = await Api.PostAsync("/llm/o1-mini", new { user_input = "Hello" }, token: person.Token);

        var answer = await Api.GetAsync($"/admin/audit/{call.RequestId()}", TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Json.AsObject().Select(field => field.Key), Is.EqualTo(Fields));
        Assert.That(answer["request_id"]!.GetValue<Guid>(), Is.EqualTo(call.RequestId()));
        Assert.That(answer["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
        Assert.That(answer["route_key"]!.GetValue<string>(), Is.EqualTo("llm.o1-mini"));
        Assert.That(answer["charge"]!.GetValue<decimal>(), Is.EqualTo(5m));
        Assert.That(answer["request_headers"]!["Content-Type"]!.GetValue<string>(), Does.StartWith("application/json"));
        Assert.That(answer["started_at"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"));
    }

    [TestCase("0197f0f0-0000-7000-8000-000000000000")]
    [TestCase("no-uuid")]
    public async Task Audit_WhenThereIsNoSuchRecord_Is404(string id) =>
        (await Api.GetAsync($"/admin/audit/{id}", TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "Audit record not found");

    [Test]
    public async Task Audit_WhenFilteredByUser_ListsTheirCallsNewestFirst()
    {
        var (person, calls) = await PersonWithCallsAsync(3);

        var answer = await ListAsync($"user_id={person.Id}&route_key=metering.check-balance");

        Assert.That(Ids(answer), Is.EqualTo(Enumerable.Reverse(calls)));
        Assert.That(answer["count"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That((answer["page"]!.GetValue<int>(), answer["per_page"]!.GetValue<int>()), Is.EqualTo((1, 20)));
        Assert.That(answer["has_more"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task Audit_WhenReadPageByPage_ShowsEachRecordOnce()
    {
        var (person, calls) = await PersonWithCallsAsync(5);
        var filter = $"user_id={person.Id}&path=/check-balance&per_page=2";

        var pages = new[] { await ListAsync($"{filter}&page=1"), await ListAsync($"{filter}&page=2"), await ListAsync($"{filter}&page=3") };

        Assert.That(pages.SelectMany(Ids), Is.EqualTo(Enumerable.Reverse(calls)));
        Assert.That(pages.Select(page => page["has_more"]!.GetValue<bool>()), Is.EqualTo(new[] { true, true, false }));
        Assert.That(Ids(await ListAsync($"{filter}&page=4")), Is.Empty);
    }

    [Test]
    public async Task Audit_WhenSeveralCallsArrivedAtOneInstant_KeepsOneOrder()
    {
        var (person, _) = await PersonWithCallsAsync(6);
        await Platform.QueryAsync(db => db.Set<AuditRecord>().Where(record => record.UserId == person.Id)
            .ExecuteUpdateAsync(change => change.SetProperty(record => record.StartedAt, new DateTimeOffset(2025, 3, 5, 12, 0, 0, TimeSpan.Zero))));

        var whole = Ids(await ListAsync($"user_id={person.Id}"));
        var halves = Ids(await ListAsync($"user_id={person.Id}&per_page=4")).Concat(Ids(await ListAsync($"user_id={person.Id}&per_page=4&page=2")));

        Assert.That(halves, Is.EqualTo(whole).And.Unique);
    }

    [Test]
    public async Task Audit_WhenFilteredByStatus_ListsOnlyThose()
    {
        var (person, _) = await PersonWithCallsAsync(1);
        var refused = await Api.GetAsync("/admin/endpoints", person.ApiKey);

        Assert.That(Ids(await ListAsync($"user_id={person.Id}&status=403")), Is.EqualTo(new[] { refused.RequestId() }));
        Assert.That(Ids(await ListAsync($"user_id={person.Id}&status=418")), Is.Empty);
    }

    [Test]
    public async Task Audit_WhenFilteredByTime_TakesFromAndLeavesTo()
    {
        var (person, calls) = await PersonWithCallsAsync(3);
        var middle = (await Api.GetAsync($"/admin/audit/{calls[1]}", TestPlatform.AdminKey))["started_at"]!.GetValue<string>();
        var filter = $"user_id={person.Id}&route_key=metering.check-balance";

        Assert.That(Ids(await ListAsync($"{filter}&from={middle}")), Is.EqualTo(new[] { calls[2], calls[1] }));
        Assert.That(Ids(await ListAsync($"{filter}&to={middle}")), Is.EqualTo(new[] { calls[0] }));
        Assert.That(Ids(await ListAsync($"{filter}&from={Uri.EscapeDataString(Local(middle))}")), Is.EqualTo(new[] { calls[2], calls[1] }));
        Assert.That(Ids(await ListAsync($"{filter}&from=9999-12-31")), Is.Empty);
        Assert.That(Ids(await ListAsync($"{filter}&from=0001-01-01&to=9999-12-31T23:59:59Z")), Has.Count.EqualTo(3));
    }

    [TestCase("user_id=no-uuid", "user_id must be a UUID")]
    [TestCase("user_id=%00", "user_id must be a UUID")]
    [TestCase("path=%00", "path must be a string of at most 500 characters")]
    [TestCase("route_key=a%0Ab", "route_key must be a string of at most 100 characters")]
    [TestCase("status=99", "status must be a number from 100 to 599")]
    [TestCase("status=ok", "status must be a number from 100 to 599")]
    [TestCase("from=yesterday", "from must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("to=2025-02-30", "to must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("from=0001-01-01T00:00:00%2B14:00", "from must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("page=0", "page must be a number from 1 to 100000")]
    [TestCase("page=-1", "page must be a number from 1 to 100000")]
    [TestCase("page=100001", "page must be a number from 1 to 100000")]
    [TestCase("page=99999999999999999999", "page must be a number from 1 to 100000")]
    [TestCase("per_page=0", "per_page must be a number from 1 to 100")]
    [TestCase("per_page=101", "per_page must be a number from 1 to 100")]
    [TestCase("per_page=1.5", "per_page must be a number from 1 to 100")]
    public async Task Audit_WhenAFilterIsWrong_Is400(string query, string message) => (await ListAsync(query)).AssertBadRequest(message);

    [Test]
    public async Task Audit_WhenThePathIsLongerThanAnyKept_Is400() =>
        (await ListAsync($"path={new string('p', 501)}")).AssertBadRequest("path must be a string of at most 500 characters");

    [Test]
    public async Task Audit_WhenTheLastPageIsAsked_IsEmptyAndNoError() =>
        Assert.That(Ids(await ListAsync("page=100000&per_page=100")), Is.Empty);

    [Test]
    public async Task Audit_WhenRead_DoesNotCopyTheTrailIntoItself()
    {
        var answer = await ListAsync("per_page=5");

        var own = await Api.GetAsync($"/admin/audit/{answer.RequestId()}", TestPlatform.AdminKey);
        Assert.That(own["response_body"], Is.Null);
        Assert.That(own["status"]!.GetValue<int>(), Is.EqualTo(200));
    }

    [TestCase("/admin/audit")]
    [TestCase("/admin/audit/x")]
    public async Task Audit_WhenTheCallerIsNoAdministrator_Is403(string path)
    {
        (await Api.GetAsync(path)).AssertUnauthenticated("Missing API Key header (API-Key)");
        (await Api.GetAsync(path, (await Api.UserAsync()).ApiKey)).AssertForbidden("Admin privileges required to view the audit trail");
    }

    private static string Local(string utc) =>
        DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private static List<Guid> Ids(Answer page) =>
        [.. ((JsonArray)page["records"]!).Select(record => record!["request_id"]!.GetValue<Guid>())];

    private Task<Answer> ListAsync(string query) => Api.GetAsync($"/admin/audit?{query}", TestPlatform.AdminKey);

    private async Task<(Person Person, IReadOnlyList<Guid> Calls)> PersonWithCallsAsync(int count)
    {
        var person = await Api.UserAsync();
        var calls = new List<Guid>();
        for (var call = 0; call < count; call++)
        {
            calls.Add((await Api.GetAsync("/check-balance", person.ApiKey)).RequestId());
        }

        return (person, calls);
    }
}
