using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Which models users and API keys may ask.</summary>
public sealed class ModelAccessTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Access_WhenKeyAndUserHaveLists_BindsByBoth()
    {
        var person = await Api.UserAsync();
        var key = await KeyOfAsync(person);
        var before = await RefusalAsync(person, key, "o1-mini");

        await SetAsync("user", person.Id, "gpt-4o", "deepseek-reasoner");
        await SetAsync("api_key", key, "gpt-4o", "o1-mini");

        Assert.That(before, Is.Null);
        Assert.That(await RefusalAsync(person, key, "GPT-4o"), Is.Null);
        Assert.That((await RefusalAsync(person, key, "o1-mini"))!.Message, Does.StartWith("This account may not use the model 'o1-mini'."));
        var refusal = (await RefusalAsync(person, key, "deepseek-r1"))!;
        Assert.That((refusal.Code, refusal.Kind), Is.EqualTo(("model_not_allowed", ErrorKind.Forbidden)));
        Assert.That(refusal.Message, Does.StartWith("This API key may not use the model 'deepseek-r1'."));
        Assert.That(await RefusalAsync(person, null, "deepseek-r1"), Is.Null, "An alias on the list allows its model.");
        Assert.That(await RefusalAsync(person, key, "unknown"), Is.Not.Null);
    }

    [Test]
    public async Task Access_WhenAListBindsACaller_HidesAndRefusesEveryOtherModel()
    {
        var person = await Api.UserAsync();
        await SetAsync("user", person.Id, "gpt-4o-mini");

        var listed = await Api.GetAsync("/v1/models", person.ApiKey);
        var allowed = await ChatAsync(person, "gpt-4o-mini");
        var refused = await ChatAsync(person, "gpt-4o");

        Assert.That(listed["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()), Is.EqualTo(new[] { "auto", "gpt-4o-mini" }));
        Assert.That(allowed.Status, Is.EqualTo(HttpStatusCode.OK), allowed.Text);
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Forbidden), refused.Text);
        Assert.That(refused["error"]!["code"]!.GetValue<string>(), Is.EqualTo("model_not_allowed"));
    }

    [Test]
    public async Task Access_WhenTheListIsRemoved_AllowsEveryModel()
    {
        var person = await Api.UserAsync();
        await SetAsync("user", person.Id);
        var refused = await RefusalAsync(person, null, "gpt-4o");

        var removed = await SendAsync(HttpMethod.Delete, "user", person.Id);
        var again = await SendAsync(HttpMethod.Delete, "user", person.Id);

        Assert.That(refused, Is.Not.Null);
        Assert.That((removed.Status, again.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.NotFound)));
        Assert.That(await RefusalAsync(person, null, "gpt-4o"), Is.Null);
    }

    [Test]
    public async Task SetAccess_WhenTheOwnerOrAModelIsNone_Is404AndSetsNothing()
    {
        var person = await Api.UserAsync();

        var model = await SendAsync(HttpMethod.Put, "user", person.Id, ("models", new JsonArray("gpt-99")));
        var owner = await SendAsync(HttpMethod.Put, "api_key", person.Id, ("models", new JsonArray("gpt-4o")));
        var list = await SendAsync(HttpMethod.Put, "user", person.Id, ("models", "gpt-4o"));
        var listed = await Api.GetAsync($"/admin/model-access?owner_kind=user&owner_id={person.Id}", TestPlatform.AdminKey);

        Assert.That((model.Status, owner.Status, list.Status), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest)));
        Assert.That(model.Text, Does.Contain("There is no model 'gpt-99'"));
        Assert.That(listed["count"]!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task ListAccess_WhenAListIsSet_ShowsItsPublicNames()
    {
        var person = await Api.UserAsync();
        await SetAsync("user", person.Id, "o1-mini", "deepseek-reasoner");

        var listed = await Api.GetAsync($"/admin/model-access?owner_id={person.Id}", TestPlatform.AdminKey);

        Assert.That(
            listed["lists"]!.AsArray().Single()!["models"]!.AsArray().Select(model => model!.GetValue<string>()),
            Is.EqualTo(new[] { "deepseek-r1", "o1-mini" }));
    }

    private Task<Answer> ChatAsync(Person person, string model) => Api.PostAsync(
        "/v1/chat/completions", new { model, messages = new[] { new { role = "user", content = "Hello" } } }, person.ApiKey);

    private async Task<Error?> RefusalAsync(Person person, Guid? key, string model)
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        var access = scope.ServiceProvider.GetRequiredService<IModelAccess>();
        return await access.RefusalOfAsync(new Caller(person.Id, person.Name, person.Email, 1) { BindingKeyId = key }, model, CancellationToken.None);
    }

    private async Task<Guid> KeyOfAsync(Person person)
    {
        var standing = await Api.GetAsync($"/admin/ledger/accounts?owner_kind=user&owner_id={person.Id}", TestPlatform.AdminKey);
        return standing["api_keys"]!.AsArray().Single()!["key_id"]!.GetValue<Guid>();
    }

    private async Task SetAsync(string kind, Guid id, params string[] models)
    {
        var answer = await SendAsync(HttpMethod.Put, kind, id, ("models", new JsonArray([.. models.Select(model => JsonValue.Create(model))])));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string kind, Guid id, params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject { ["token"] = await Api.TokenAsync(), ["owner_kind"] = kind, ["owner_id"] = id.ToString() };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return await Api.SendAsync(method, "/admin/model-access", body, TestPlatform.AdminKey, token: null);
    }
}
