using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class EndpointAccessTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Denied = "You do not have permission to access this endpoint";

    [Test]
    public async Task Endpoint_WhenItIsDenied_IsRefusedUntilTheListIsRemovedAndCostsNothing()
    {
        var person = await Api.UserAsync();
        var endpoint = await EndpointAsync("/llm/gpt-4o");

        await SetAsync(person.Id, "deny", endpoint);
        var refused = await AskAsync(person, "gpt-4o");
        var other = await AskAsync(person, "gpt-4o-mini");
        await Api.DeleteAsync("/admin/endpoint-access", new { token = await Api.TokenAsync(), user_id = person.Id }, TestPlatform.AdminKey);

        refused.AssertRefused(HttpStatusCode.Forbidden, "Access Denied", Denied);
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.OK), other.Text);
        Assert.That((await AskAsync(person, "gpt-4o")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999 - 1 - 2));
    }

    [Test]
    public async Task Endpoints_WhenOneIsAllowed_AreAllRefusedButThat()
    {
        var person = await Api.UserAsync();

        await SetAsync(person.Id, "allow", await EndpointAsync("/llm/gpt-4o"));

        Assert.That((await AskAsync(person, "gpt-4o")).Status, Is.EqualTo(HttpStatusCode.OK));
        (await AskAsync(person, "gpt-4o-mini")).AssertRefused(HttpStatusCode.Forbidden, "Access Denied", Denied);
        var openAi = await Api.PostAsync("/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", person.ApiKey);
        Assert.That(openAi.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(openAi["error"]!["message"]!.GetValue<string>(), Is.EqualTo(Denied));
        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task List_WhenItIsSet_IsShownAndWrittenDown()
    {
        var person = await Api.UserAsync();
        var endpoint = await EndpointAsync("/llm/gpt-4o");

        var set = await SetAsync(person.Id, "deny", endpoint);
        var listed = await Api.GetAsync($"/admin/endpoint-access?user_id={person.Id}", TestPlatform.AdminKey);
        var changes = await Api.GetAsync($"/admin/changes?kind=endpoint_access&resource_id={person.Id}", TestPlatform.AdminKey);

        Assert.That(JsonNode.DeepEquals(listed["lists"]![0], set.Json), Is.True, listed.Text);
        Assert.That(changes["changes"]![0]!["after"]!["endpoints"]!.GetValue<string>(), Is.EqualTo(endpoint), changes.Text);
    }

    [Test]
    public async Task Set_WhenAnythingIsWrong_SaysSo()
    {
        var person = await Api.UserAsync();
        var (token, unknown) = (await Api.TokenAsync(), Unique.Id().ToString("D"));

        (await PutAsync(new { token, user_id = unknown, mode = "deny", endpoint_ids = Array.Empty<string>() }))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {unknown} not found");
        (await PutAsync(new { token, user_id = person.Id, mode = "deny", endpoint_ids = new[] { unknown } }))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"Endpoint with ID '{unknown}' not found");
        (await PutAsync(new { token, user_id = person.Id, mode = "some", endpoint_ids = new[] { unknown } })).AssertBadRequest("mode must be allow or deny");
        (await PutAsync(new { token, user_id = person.Id, mode = "deny", endpoint_ids = Enumerable.Repeat(unknown, 201) }))
            .AssertBadRequest("endpoint_ids must be a list of at most 200 IDs of endpoints");
        (await PutAsync(new { token, user_id = person.Id })).AssertBadRequest("Missing required fields: mode, endpoint_ids");
        (await PutAsync(new { token = "x", user_id = person.Id, mode = "deny", endpoint_ids = new[] { unknown } }))
            .AssertUnauthenticated("Invalid token provided");
        (await Api.PutAsync("/admin/endpoint-access", new { token }, person.ApiKey)).AssertForbidden("Admin privileges required to set endpoint access");
        (await Api.DeleteAsync("/admin/endpoint-access", new { token, user_id = person.Id }, TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "There is no list of endpoints for this user");
        (await Api.GetAsync("/admin/endpoint-access?user_id=1", TestPlatform.AdminKey)).AssertBadRequest("user_id must be a UUID");
    }

    private async Task<string> EndpointAsync(string path) =>
        (await Api.GetAsync("/admin/endpoints", TestPlatform.AdminKey))["endpoints"]!.AsArray()
            .Single(row => row!["endpoint_path"]!.GetValue<string>() == path)!["id"]!.GetValue<string>();

    private async Task<Answer> SetAsync(Guid userId, string mode, string endpoint)
    {
        var answer = await PutAsync(new { token = await Api.TokenAsync(), user_id = userId, mode, endpoint_ids = new[] { endpoint } });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer;
    }

    private Task<Answer> PutAsync(object body) => Api.PutAsync("/admin/endpoint-access", body, TestPlatform.AdminKey);

    private Task<Answer> AskAsync(Person person, string model) => Api.PostAsync($"/llm/{model}", new { user_input = "Hello" }, token: person.Token);
}
