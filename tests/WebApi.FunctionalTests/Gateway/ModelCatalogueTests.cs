using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway;
using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The model catalogue, as administrators keep it.</summary>
public sealed class ModelCatalogueTests(DatabaseProvider database) : PlatformTests(database)
{
    private IModelCatalogue Catalogue => Platform.Services.GetRequiredService<IModelCatalogue>();

    [Test]
    public async Task AddModel_WhenItIsNew_IsFoundAtOnceByItsNameAndItsAliases()
    {
        var (name, alias) = (Name(), Name());

        var added = await AddAsync(name, ("aliases", new JsonArray(alias)), ("context_window", 1000), ("quality_index", 50.5), ("routes", Routes()));

        Assert.That(added.Status, Is.EqualTo(HttpStatusCode.Created), added.Text);
        Assert.That(added["routes"]![1]!["order"]!.GetValue<int>(), Is.EqualTo(1), "A route's place is its order.");
        var found = Catalogue.Find(alias.ToUpperInvariant())!;
        Assert.That((found.Name, found.ContextWindow, found.QualityIndex), Is.EqualTo((name, (int?)1000, (double?)50.5)));
        Assert.That(found.Routes.Select(route => (route.Provider, route.Weight)), Is.EqualTo(new[] { ("OpenAI", 100), ("Shed", 7) }));
        var listed = await Api.GetAsync($"/admin/models?name={alias}", TestPlatform.AdminKey);
        Assert.That(listed["models"]!.AsArray().Single()!["name"]!.GetValue<string>(), Is.EqualTo(name));
    }

    [Test]
    public async Task AddModel_WhileOthersAreAdded_IsFoundByItsAliasAndHasItsRoutes()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            var (name, alias) = (Name(), Name());

            var added = await AddAsync(name, ("aliases", new JsonArray(alias)), ("routes", Routes()));

            Assert.That(added.Status, Is.EqualTo(HttpStatusCode.Created), added.Text);
            Assert.That(Catalogue.Find(alias)?.Name, Is.EqualTo(name));
            Assert.That(Catalogue.Find(name)!.Routes, Has.Count.EqualTo(2));
        }));
    }

    [Test]
    public async Task AddModel_WhenANameFindsAnotherModel_Is409AndChangesNothing()
    {
        var (name, alias) = (Name(), Name());
        await AddAsync(name, ("aliases", new JsonArray(alias)));

        var sameName = await AddAsync(name.ToUpperInvariant());
        var sameAlias = await AddAsync(Name(), ("aliases", new JsonArray(alias)));
        var nameOfAlias = await AddAsync(alias);

        Assert.That(new[] { sameName, sameAlias, nameOfAlias }.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.Conflict));
        Assert.That(nameOfAlias.Text, Does.Contain("is the name or an alias of another model"));
    }

    [TestCase("name", "two words", "name must have")]
    [TestCase("capabilities", "[\"fly\"]", "capabilities must be a list of")]
    [TestCase("capabilities", "[]", "capabilities must be a list of")]
    [TestCase("aliases", "[1]", "aliases must be a list")]
    [TestCase("routes", "[{\"provider\":\"OpenAI\"}]", "routes must be a list")]
    [TestCase("routes", "[{\"provider\":\"OpenAI\",\"upstream_model\":\"m\",\"weight\":0}]", "routes must be a list")]
    [TestCase("routes", "[\"OpenAI\"]", "routes must be a list")]
    [TestCase("quality_index", "101", "quality_index must be a number from 0 to 100")]
    [TestCase("max_answer_tokens", "0", "max_answer_tokens must be a whole number")]
    public async Task AddModel_WhenAFieldIsWrong_Is400ThatNamesIt(string field, string value, string message)
    {
        var answer = await AddAsync(Name(), (field, field == "name" ? value : JsonNode.Parse(value)));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer.Text, Does.Contain(message));
    }

    [Test]
    public async Task ChangeModel_WhenFieldsAreSent_ChangesThoseAndKeepsWhatWasBefore()
    {
        var name = Name();
        var id = Id(await AddAsync(name, ("context_window", 1000), ("quality_index", 50), ("routes", Routes())));

        var changed = await SendAsync(HttpMethod.Put, id, ("quality_index", null), ("max_answer_tokens", 77));
        var history = await Api.GetAsync($"/admin/models/{id}/history", TestPlatform.AdminKey);

        Assert.That(changed.Status, Is.EqualTo(HttpStatusCode.OK), changed.Text);
        Assert.That(changed["quality_index"], Is.Null);
        Assert.That(changed["routes"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((Catalogue.Find(name)!.MaxAnswerTokens, Catalogue.Find(name)!.ContextWindow), Is.EqualTo((77, (int?)1000)));
        var changes = history["changes"]!.AsArray();
        Assert.That(changes.Select(change => change!["action"]!.GetValue<string>()), Is.EqualTo(new[] { "changed", "added" }));
        Assert.That(changes[0]!["before"]!["max_answer_tokens"]!.GetValue<int>(), Is.EqualTo(8192));
        Assert.That(changes[0]!["after"]!["max_answer_tokens"]!.GetValue<int>(), Is.EqualTo(77));
        Assert.That(changes[1]!["before"], Is.Null);
    }

    [Test]
    public async Task RetireModel_WhenRetired_IsNotFoundButListedAndCanBeOfferedAgain()
    {
        var name = Name();
        var id = Id(await AddAsync(name));

        var retired = await SendAsync(HttpMethod.Delete, id);
        var gone = Catalogue.Find(name);
        var listed = await Api.GetAsync($"/admin/models?name={name}&state=retired", TestPlatform.AdminKey);
        var restored = await SendAsync(HttpMethod.Put, id, ("offered", true));

        Assert.That((retired.Status, restored.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), retired.Text + restored.Text);
        Assert.That(gone, Is.Null);
        Assert.That(listed["models"]!.AsArray().Single()!["offered"]!.GetValue<bool>(), Is.False);
        Assert.That(Catalogue.Find(name), Is.Not.Null);
    }

    [Test]
    public async Task Models_WhenTheCallerIsNoAdministratorOrTheModelNone_AreRefused()
    {
        var person = await Api.UserAsync();

        var listed = await Api.GetAsync("/admin/models", person.ApiKey);
        var shown = await Api.GetAsync($"/admin/models/{Unique.Id()}", TestPlatform.AdminKey);
        var changed = await SendAsync(HttpMethod.Put, "no-id", ("family", "x"));

        Assert.That(listed.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((shown.Status, changed.Status), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task Start_WhenAnAdministratorHasChangedAModel_KeepsTheChange()
    {
        await using var files = await TestDatabase.CreateAsync(Database);
        string id;
        await using (var first = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString)))
        {
            var api = first.Api();
            var listed = await api.GetAsync("/admin/models?name=o1-mini", TestPlatform.AdminKey);
            id = Id(listed.Json["models"]![0]!);
            await SendAsync(api, HttpMethod.Put, id, ("routes", new JsonArray()), ("max_answer_tokens", 5));
        }

        await using var second = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString));
        var kept = await second.Api().GetAsync($"/admin/models/{id}", TestPlatform.AdminKey);

        Assert.That(kept["routes"]!.AsArray(), Is.Empty);
        Assert.That(kept["max_answer_tokens"]!.GetValue<int>(), Is.EqualTo(5));
        Assert.That(await second.QueryAsync(db => db.Set<AiModel>().CountAsync(model => model.Name == "o1-mini")), Is.EqualTo(1));
    }

    [Test]
    public async Task Change_OnAnotherReplica_ShowsWithinASecond()
    {
        await using var files = await TestDatabase.CreateAsync(Database);
        await using var one = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString));
        await using var other = await TestPlatform.StartAsync(Database, ("ConnectionStrings:Default", files.ConnectionString));
        var (name, catalogue) = (Name(), other.Services.GetRequiredService<IModelCatalogue>());
        await other.Api().GetAsync("/admin/models", TestPlatform.AdminKey);

        await AddAsync(one.Api(), name);
        await Task.Delay(TimeSpan.FromSeconds(1.05));
        await other.Api().GetAsync("/admin/models", TestPlatform.AdminKey);

        Assert.That(catalogue.Find(name), Is.Not.Null);
    }

    [Test]
    public async Task SetPrice_WhenImagesAndThoughtsArePriced_ListsTheirRates()
    {
        var name = Name();

        var set = await Api.AdministerAsync(
            "/admin/ledger/prices",
            ("model", name),
            ("input_per_million", 1),
            ("answer_per_million", 2),
            ("reasoning_per_million", 3),
            ("images", new JsonArray(new JsonObject { ["size"] = "1024x1024", ["quality"] = "hd", ["amount"] = 4 })),
            ("source", "A test"));
        var imagesOnly = await Api.AdministerAsync(
            "/admin/ledger/prices",
            ("model", Name()),
            ("images", new JsonArray(new JsonObject { ["size"] = "1024x1024", ["quality"] = "hd", ["amount"] = 4 })),
            ("source", "A test"));
        var nothing = await Api.AdministerAsync("/admin/ledger/prices", ("model", name), ("source", "A test"));
        var half = await Api.AdministerAsync("/admin/ledger/prices", ("model", name), ("input_per_million", 1), ("source", "A test"));

        Assert.That((set.Status, imagesOnly.Status), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)), set.Text + imagesOnly.Text);
        Assert.That(set["reasoning_per_million"]!.GetValue<long>(), Is.EqualTo(3));
        Assert.That(set["images"]![0]!["amount"]!.GetValue<long>(), Is.EqualTo(4));
        Assert.That((nothing.Status, half.Status), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
    }

    private static string Name() => $"m-{Unique.Id():N}";

    private static string Id(Answer answer) => Id(answer.Json);

    private static string Id(JsonNode model) => model["model_id"]!.GetValue<string>();

    private static JsonArray Routes() => new(
        new JsonObject { ["provider"] = "OpenAI", ["upstream_model"] = "m" },
        new JsonObject { ["provider"] = "Shed", ["upstream_model"] = "m", ["weight"] = 7 });

    private static Task<Answer> AddAsync(Api api, string name, params (string Name, JsonNode? Value)[] fields)
    {
        var all = new Dictionary<string, JsonNode?> { ["name"] = name, ["family"] = "test", ["capabilities"] = new JsonArray("chat") };
        foreach (var (field, value) in fields)
        {
            all[field] = value;
        }

        return api.AdministerAsync("/admin/models", [.. all.Select(field => (field.Key, field.Value))]);
    }

    private static async Task<Answer> SendAsync(Api api, HttpMethod method, string id, params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject { ["token"] = await api.TokenAsync() };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return await api.SendAsync(method, $"/admin/models/{id}", body, TestPlatform.AdminKey, token: null);
    }

    private Task<Answer> AddAsync(string name, params (string Name, JsonNode? Value)[] fields) => AddAsync(Api, name, fields);

    private Task<Answer> SendAsync(HttpMethod method, string id, params (string Name, JsonNode? Value)[] fields) => SendAsync(Api, method, id, fields);
}
