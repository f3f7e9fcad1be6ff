using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class ListEndpointsTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task ListEndpoints_WhenUnfiltered_ListsEveryMeteredRouteByPathWithItsCost()
    {
        var answer = await Api.GetAsync("/admin/endpoints", TestPlatform.AdminKey);

        var rows = answer["endpoints"]!.AsArray();
        var paths = rows.Select(row => row!["endpoint_path"]!.GetValue<string>()).ToList();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer["count"]!.GetValue<int>(), Is.EqualTo(rows.Count));
        Assert.That(paths, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(paths, Is.SupersetOf(new[] { "/llm/gpt-4o", "/llm/o1-mini", "/rag/query", "/image-generation/dalle3" }));
        Assert.That(CostOf(rows, "/llm/deepseek-r1"), Is.EqualTo(1));
        Assert.That(CostOf(rows, "/llm/llama"), Is.EqualTo(2));
    }

    [Test]
    public async Task ListEndpoints_WhenAnswered_GivesEachRowItsEightFieldsAndLocalTimes()
    {
        var row = (await Api.GetAsync("/admin/endpoints", TestPlatform.AdminKey))["endpoints"]![0]!.AsObject();

        Assert.That(
            row.Select(field => field.Key),
            Is.EqualTo(new[] { "id", "endpoint_name", "endpoint_path", "description", "active", "cost", "created_at", "modified_at" }));
        Assert.That(row["created_at"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$"));
    }

    [TestCase("", true, true)]
    [TestCase("?active=", true, true)]
    [TestCase("?active=true", true, false)]
    [TestCase("?active=TRUE", true, false)]
    [TestCase("?active=1", true, false)]
    [TestCase("?active=Yes", true, false)]
    [TestCase("?active=false", false, true)]
    [TestCase("?active=0", false, true)]
    [TestCase("?active=anything", false, true)]
    [TestCase("?active=%00", false, true)]
    public async Task ListEndpoints_WhenFilteredByActive_ListsTheRowsThatMatch(string query, bool hasActive, bool hasInactive)
    {
        var (served, stopped) = (await AddAsync(active: true), await AddAsync(active: false));

        var answer = await Api.GetAsync("/admin/endpoints" + query, TestPlatform.AdminKey);

        var ids = answer["endpoints"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()).ToList();
        Assert.That(ids, hasActive ? Does.Contain(served) : Does.Not.Contain(served));
        Assert.That(ids, hasInactive ? Does.Contain(stopped) : Does.Not.Contain(stopped));
    }

    [Test]
    public async Task ListEndpoints_WhenNoKeyIsSent_Is401() =>
        (await Api.GetAsync("/admin/endpoints")).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task ListEndpoints_WhenTheKeyIsUnknown_Is401() =>
        (await Api.GetAsync("/admin/endpoints", "not-a-key")).AssertUnauthenticated("Invalid API Key");

    [Test]
    public async Task ListEndpoints_WhenTheCallerIsNoAdministrator_Is403() =>
        (await Api.GetAsync("/admin/endpoints", (await Api.UserAsync()).ApiKey))
            .AssertForbidden("Admin privileges required to view endpoints");

    private static int CostOf(JsonArray rows, string path) =>
        rows.Single(row => row!["endpoint_path"]!.GetValue<string>() == path)!["cost"]!.GetValue<int>();

    private async Task<string> AddAsync(bool active)
    {
        var answer = await Api.PostAsync(
            "/admin/add-endpoint",
            new { token = await Api.TokenAsync(), endpoint_path = Unique.Path(), endpoint_name = "Filtered", active },
            TestPlatform.AdminKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return answer["endpoint_id"]!.GetValue<string>();
    }
}
