using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class AddEndpointTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task AddEndpoint_WhenOnlyTheRequiredFieldsAreSent_TakesTheDefaults()
    {
        var path = Unique.Path();

        var answer = await AddAsync(new { token = await Api.TokenAsync(), endpoint_path = path[1..], endpoint_name = "Plain" });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That(
            answer.Json.AsObject().Select(field => field.Key),
            Is.EqualTo(new[] { "message", "endpoint_id", "endpoint_path", "endpoint_name", "active", "cost" }));
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Endpoint added successfully"));
        Assert.That(answer["endpoint_path"]!.GetValue<string>(), Is.EqualTo(path));
        Assert.That(answer["active"]!.GetValue<bool>(), Is.True);
        Assert.That(answer["cost"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await StoredAsync(path)).Description, Is.Empty);
    }

    [TestCase("3", 3)]
    [TestCase("\"5\"", 5)]
    [TestCase("\" 7 \"", 7)]
    [TestCase("1000000", 1_000_000)]
    public async Task AddEndpoint_WhenTheCostIsAWholeNumber_Takes(string cost, int expected)
    {
        var answer = await AddWithCostAsync(cost);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That(answer["cost"]!.GetValue<int>(), Is.EqualTo(expected));
    }

    [TestCase("1.5", "Cost must be a valid integer")]
    [TestCase("1e3", "Cost must be a valid integer")]
    [TestCase("\"many\"", "Cost must be a valid integer")]
    [TestCase("\"\"", "Cost must be a valid integer")]
    [TestCase("\"1.0\"", "Cost must be a valid integer")]
    [TestCase("\"\\ud800\"", "Cost must be a valid integer")]
    [TestCase("true", "Cost must be a valid integer")]
    [TestCase("null", "Cost must be a valid integer")]
    [TestCase("[1]", "Cost must be a valid integer")]
    [TestCase("{\"a\":1}", "Cost must be a valid integer")]
    [TestCase("0", "Cost must be a positive integer")]
    [TestCase("-1", "Cost must be a positive integer")]
    [TestCase("\"-5\"", "Cost must be a positive integer")]
    [TestCase("-99999999999999999999999999", "Cost must be a positive integer")]
    [TestCase("1000001", "Cost must not exceed 1000000")]
    [TestCase("2147483648", "Cost must not exceed 1000000")]
    [TestCase("99999999999999999999999999", "Cost must not exceed 1000000")]
    public async Task AddEndpoint_WhenTheCostIsNone_Is400(string cost, string message) =>
        (await AddWithCostAsync(cost)).AssertBadRequest(message);

    [Test]
    public async Task AddEndpoint_WhenThePathIsTaken_Is409AndNamesTheRow()
    {
        var (path, token) = (Unique.Path(), await Api.TokenAsync());
        var first = await AddAsync(new { token, endpoint_path = path, endpoint_name = "First" });

        var second = await AddAsync(new { token, endpoint_path = $" {path} ", endpoint_name = "Second" });

        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.Conflict), second.Text);
        Assert.That(second.Json.AsObject().Select(field => field.Key), Is.EquivalentTo(new[] { "error", "message", "endpoint_id" }));
        Assert.That(second["error"]!.GetValue<string>(), Is.EqualTo("Conflict"));
        Assert.That(second["message"]!.GetValue<string>(), Is.EqualTo($"Endpoint with path '{path}' already exists"));
        Assert.That(second["endpoint_id"]!.GetValue<string>(), Is.EqualTo(first["endpoint_id"]!.GetValue<string>()));
    }

    [Test]
    public async Task AddEndpoint_WhenManyRaceForOnePath_AddsOneAndAnswersTheOthers409()
    {
        var (path, token) = (Unique.Path(), await Api.TokenAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            AddAsync(new { token, endpoint_path = path, endpoint_name = $"Racer {number}" })));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Conflict), Is.EqualTo(7));
        Assert.That(
            answers.Where(answer => answer.Status is HttpStatusCode.Conflict).Select(answer => answer["endpoint_id"]),
            Has.All.Not.Null);
    }

    [TestCase("{}", "Request body is required")]
    [TestCase("{\"endpoint_path\":\"/x\",\"endpoint_name\":\"x\"}", "Valid token is required")]
    [TestCase("{\"token\":\"\",\"endpoint_path\":\"/x\"}", "Valid token is required")]
    [TestCase("{\"token\":null}", "Valid token is required")]
    [TestCase("{\"token\":5}", "Valid token is required")]
    public async Task AddEndpoint_WhenBodyOrTokenIsMissing_Is400(string body, string message) =>
        (await Api.PostAsync("/admin/add-endpoint", body, TestPlatform.AdminKey)).AssertBadRequest(message);

    [TestCase("", "endpoint_path, endpoint_name")]
    [TestCase("\"endpoint_path\":\"/x\"", "endpoint_name")]
    [TestCase("\"endpoint_name\":\"x\"", "endpoint_path")]
    [TestCase("\"endpoint_path\":7,\"endpoint_name\":\"x\"", "endpoint_path")]
    [TestCase("\"endpoint_path\":null,\"endpoint_name\":\"\"", "endpoint_path, endpoint_name")]
    public async Task AddEndpoint_WhenFieldsAreMissing_Is400AndNamesThem(string fields, string missing)
    {
        var body = $$"""{"token":"{{await Api.TokenAsync()}}"{{(fields.Length > 0 ? "," : string.Empty)}}{{fields}}}""";

        (await Api.PostAsync("/admin/add-endpoint", body, TestPlatform.AdminKey)).AssertBadRequest($"Missing required fields: {missing}");
    }

    [Test]
    public async Task AddEndpoint_WhenATextIsLongerThanItsColumn_Is400()
    {
        var token = await Api.TokenAsync();

        (await AddAsync(new { token, endpoint_path = new string('p', 450), endpoint_name = "x" }))
            .AssertBadRequest("endpoint_path must be a string of at most 450 characters");
        (await AddAsync(new { token, endpoint_path = "/x", endpoint_name = new string('n', 101) }))
            .AssertBadRequest("endpoint_name must be a string of at most 100 characters");
        (await AddAsync(new { token, endpoint_path = "/x", endpoint_name = "x", description = new string('d', 4001) }))
            .AssertBadRequest("description must be a string of at most 4000 characters");
        (await AddAsync(new { token, endpoint_path = "/x", endpoint_name = "x", active = "false" }))
            .AssertBadRequest("active must be true or false");
    }

    [Test]
    public async Task AddEndpoint_WhenEveryTextIsAsLongAsItsColumn_IsAdded()
    {
        var path = "/" + string.Concat(Enumerable.Repeat("é", 417)) + Unique.Id().ToString("N");

        var answer = await AddAsync(new
        {
            token = await Api.TokenAsync(),
            endpoint_path = path,
            endpoint_name = new string('n', 100),
            description = new string('d', 4000),
        });

        Assert.That(path, Has.Length.EqualTo(450));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
    }

    [Test]
    public async Task AddEndpoint_WhenTheTokenIsAnotherPersons_Is401()
    {
        var other = await Api.UserAsync();

        (await AddAsync(new { token = other.Token, endpoint_path = "/x", endpoint_name = "x" }))
            .AssertUnauthenticated("Invalid token provided");
    }

    [Test]
    public async Task AddEndpoint_WhenTheCallerIsNoAdministrator_Is403BeforeTheBodyIsLookedAt()
    {
        var person = await Api.UserAsync();

        (await Api.PostAsync("/admin/add-endpoint", null, person.ApiKey)).AssertForbidden("Admin privileges required to manage endpoints");
    }

    [Test]
    public async Task AddEndpoint_WhenAMeteredRouteLostItsRow_PricesItAgain()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        await platform.QueryAsync(async db =>
        {
            await db.Set<EndpointPrice>().ExecuteDeleteAsync();
            return await db.Set<Endpoint>().ExecuteDeleteAsync();
        });
        var token = await api.TokenAsync();

        var metered = await api.PostAsync(
            "/admin/add-endpoint",
            new { token, endpoint_path = "/LLM/gpt-4o/", endpoint_name = "Back", cost = 4 },
            TestPlatform.AdminKey);
        var other = await api.PostAsync(
            "/admin/add-endpoint", new { token, endpoint_path = "/llm/gpt-4o", endpoint_name = "Second" }, TestPlatform.AdminKey);

        Assert.That(metered.Status, Is.EqualTo(HttpStatusCode.Created), metered.Text);
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.Created), other.Text);
        Assert.That(await RouteKeyOfAsync(platform, metered), Is.EqualTo("llm.gpt-4o"));
        Assert.That(await RouteKeyOfAsync(platform, other), Is.Null);
    }

    private static Task<string?> RouteKeyOfAsync(TestPlatform platform, Answer added)
    {
        var id = added["endpoint_id"]!.GetValue<Guid>();
        return platform.QueryAsync(db => db.Set<Endpoint>().Where(row => row.Id == id).Select(row => row.RouteKey).SingleAsync());
    }

    private Task<Answer> AddAsync(object body) => Api.PostAsync("/admin/add-endpoint", body, TestPlatform.AdminKey);

    private async Task<Answer> AddWithCostAsync(string cost) => await Api.PostAsync(
        "/admin/add-endpoint",
        $$"""{"token":"{{await Api.TokenAsync()}}","endpoint_path":"{{Unique.Path()}}","endpoint_name":"Costed","cost":{{cost}}}""",
        TestPlatform.AdminKey);

    private Task<Endpoint> StoredAsync(string path) =>
        Platform.QueryAsync(db => db.Set<Endpoint>().AsNoTracking().SingleAsync(row => row.Path == path));
}
