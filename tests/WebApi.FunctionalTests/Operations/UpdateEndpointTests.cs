using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class UpdateEndpointTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task UpdateEndpoint_WhenEveryFieldIsSent_ChangesThemAll()
    {
        var (id, _) = await AddAsync();
        var path = Unique.Path();

        var answer = await UpdateAsync(new
        {
            token = await Api.TokenAsync(),
            endpoint_id = id.ToUpperInvariant(),
            endpoint_path = path[1..],
            endpoint_name = "Renamed",
            description = "Described",
            active = false,
            cost = "9",
        });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Endpoint updated successfully"));
        var row = answer["endpoint"]!;
        Assert.That(row["id"]!.GetValue<string>(), Is.EqualTo(id));
        Assert.That(row["endpoint_path"]!.GetValue<string>(), Is.EqualTo(path));
        Assert.That(row["endpoint_name"]!.GetValue<string>(), Is.EqualTo("Renamed"));
        Assert.That(row["description"]!.GetValue<string>(), Is.EqualTo("Described"));
        Assert.That(row["active"]!.GetValue<bool>(), Is.False);
        Assert.That(row["cost"]!.GetValue<int>(), Is.EqualTo(9));
        Assert.That(row.AsObject(), Has.Count.EqualTo(8));
    }

    [Test]
    public async Task UpdateEndpoint_WhenNothingIsToChange_SaysSoAndShowsTheRow()
    {
        var (id, path) = await AddAsync();

        var answer = await UpdateAsync(new { token = await Api.TokenAsync(), endpoint_id = id });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("No changes to update"));
        Assert.That(answer["endpoint"]!["endpoint_path"]!.GetValue<string>(), Is.EqualTo(path));
    }

    [Test]
    public async Task UpdateEndpoint_WhenTheCostChanges_AddsAPriceVersionAndKeepsTheOldOne()
    {
        var (id, _) = await AddAsync();
        var token = await Api.TokenAsync();

        await UpdateAsync(new { token, endpoint_id = id, cost = 4 });
        await UpdateAsync(new { token, endpoint_id = id, cost = 4 });

        var row = await StoredAsync(id);
        Assert.That(row.Prices.Select(price => price.Cost), Is.EqualTo(new[] { 1, 4 }));
        Assert.That(row.PriceVersionId, Is.EqualTo(row.Prices[^1].Id));
    }

    [Test]
    public async Task UpdateEndpoint_WhenAMeteredRouteIsMoved_StillPricesIt()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var id = await platform.QueryAsync(db =>
            db.Set<Endpoint>().Where(row => row.RouteKey == "llm.gpt-4o").Select(row => row.Id).SingleAsync());

        var answer = await api.PutAsync(
            "/admin/update-endpoint",
            new { token = await api.TokenAsync(), endpoint_id = id, endpoint_path = "/elsewhere" },
            TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            await platform.QueryAsync(db => db.Set<Endpoint>().Where(row => row.Path == "/elsewhere").Select(row => row.RouteKey).SingleAsync()),
            Is.EqualTo("llm.gpt-4o"));
    }

    [Test]
    public async Task UpdateEndpoint_WhenThePathIsAnotherRows_Is409BeforeTheCostIsLookedAt()
    {
        var ((id, _), (_, taken)) = (await AddAsync(), await AddAsync());

        var answer = await UpdateAsync(new { token = await Api.TokenAsync(), endpoint_id = id, endpoint_path = taken, cost = "many" });

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", $"Endpoint with path '{taken}' already exists");
    }

    [Test]
    public async Task UpdateEndpoint_WhenManyRaceForOnePath_MovesOneAndAnswersTheOthers409()
    {
        var (path, token) = (Unique.Path(), await Api.TokenAsync());
        var rows = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AddAsync()));

        var answers = await Task.WhenAll(rows.Select(row => UpdateAsync(new { token, endpoint_id = row.Id, endpoint_path = path })));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Conflict), Is.EqualTo(5));
    }

    [Test]
    public async Task UpdateEndpoint_WhenThePathIsItsOwn_IsNoConflict()
    {
        var (id, path) = await AddAsync();

        var answer = await UpdateAsync(new { token = await Api.TokenAsync(), endpoint_id = id, endpoint_path = path });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase("\"many\"", "Cost must be a valid integer")]
    [TestCase("null", "Cost must be a valid integer")]
    [TestCase("0", "Cost must be a positive integer")]
    [TestCase("1000001", "Cost must not exceed 1000000")]
    public async Task UpdateEndpoint_WhenTheCostIsNone_Is400AndChangesNothing(string cost, string message)
    {
        var (id, path) = await AddAsync();

        var answer = await Api.PutAsync(
            "/admin/update-endpoint",
            $$"""{"token":"{{await Api.TokenAsync()}}","endpoint_id":"{{id}}","endpoint_path":"{{Unique.Path()}}","cost":{{cost}}}""",
            TestPlatform.AdminKey);

        answer.AssertBadRequest(message);
        Assert.That((await StoredAsync(id)).Path, Is.EqualTo(path));
    }

    [TestCase("no-uuid")]
    [TestCase("00000000-0000-7000-8000-000000000000")]
    public async Task UpdateEndpoint_WhenThereIsNoSuchRow_Is404(string id) =>
        (await UpdateAsync(new { token = await Api.TokenAsync(), endpoint_id = id, cost = "many" }))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"Endpoint with ID '{id}' not found");

    [TestCase("{}", "Request body is required")]
    [TestCase("{\"endpoint_id\":\"x\"}", "Valid token is required")]
    public async Task UpdateEndpoint_WhenBodyOrTokenIsMissing_Is400(string body, string message) =>
        (await Api.PutAsync("/admin/update-endpoint", body, TestPlatform.AdminKey)).AssertBadRequest(message);

    [TestCase("\"cost\":1", "endpoint_id is required")]
    [TestCase("\"endpoint_id\":null", "endpoint_id is required")]
    [TestCase("\"endpoint_id\":\"\"", "endpoint_id is required")]
    [TestCase("\"endpoint_id\":\"x\",\"endpoint_path\":\" \"", "endpoint_path must be a string of 1 to 450 characters")]
    [TestCase("\"endpoint_id\":\"x\",\"endpoint_path\":[]", "endpoint_path must be a string of 1 to 450 characters")]
    [TestCase("\"endpoint_id\":\"x\",\"endpoint_name\":null", "endpoint_name must be a string of 1 to 100 characters")]
    [TestCase("\"endpoint_id\":\"x\",\"description\":null", "description must be a string of at most 4000 characters")]
    [TestCase("\"endpoint_id\":\"x\",\"active\":\"false\"", "active must be true or false")]
    public async Task UpdateEndpoint_WhenAFieldIsWrong_Is400(string fields, string message)
    {
        var body = $$"""{"token":"{{await Api.TokenAsync()}}",{{fields}}}""";

        (await Api.PutAsync("/admin/update-endpoint", body, TestPlatform.AdminKey)).AssertBadRequest(message);
    }

    [Test]
    public async Task UpdateEndpoint_WhenTheTokenIsUnknown_Is401() =>
        (await UpdateAsync(new { token = "unknown", endpoint_id = "x" })).AssertUnauthenticated("Invalid token provided");

    [Test]
    public async Task UpdateEndpoint_WhenTheCallerIsNoAdministrator_Is403() =>
        (await Api.PutAsync("/admin/update-endpoint", null, (await Api.UserAsync()).ApiKey))
            .AssertForbidden("Admin privileges required to update endpoints");

    private Task<Answer> UpdateAsync(object body) => Api.PutAsync("/admin/update-endpoint", body, TestPlatform.AdminKey);

    private async Task<(string Id, string Path)> AddAsync()
    {
        var path = Unique.Path();
        var answer = await Api.PostAsync(
            "/admin/add-endpoint",
            new { token = await Api.TokenAsync(), endpoint_path = path, endpoint_name = "To change" },
            TestPlatform.AdminKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        return (answer["endpoint_id"]!.GetValue<string>(), path);
    }

    private Task<Endpoint> StoredAsync(string id)
    {
        var key = Guid.Parse(id);
        return Platform.QueryAsync(db => db.Set<Endpoint>().AsNoTracking()
            .Include(row => row.Prices.OrderBy(price => price.EffectiveFrom))
            .SingleAsync(row => row.Id == key));
    }
}
