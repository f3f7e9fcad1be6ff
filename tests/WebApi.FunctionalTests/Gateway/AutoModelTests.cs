using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The model <c>auto</c>: which one is asked, what is sent to it, what it costs, and what is refused.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AutoModelTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;
    private const string Cheapest = """{"cost":0}""";
    private const string CheapestChosen = "cost=0,quality=0.5,latency=0.5;candidates=gpt-5-nano,";

    private static readonly (string Path, string Body)[] Surfaces =
    [
        ("/v1/chat/completions", """{"model":"auto","auto":{"cost":0},"max_tokens":20,"messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/completions", """{"model":"auto","auto":{"cost":0},"max_tokens":20,"prompt":"MARKER"}"""),
        ("/v1/responses", """{"model":"auto","auto":{"cost":0},"max_output_tokens":20,"input":"MARKER"}"""),
        ("/v1/messages", """{"model":"auto","auto":{"cost":0},"max_tokens":20,"messages":[{"role":"user","content":"MARKER"}]}"""),
    ];

    private static readonly (string Auto, string Field)[] Wrong =
    [
        ("7", "auto"),
        ("\"cheap\"", "auto"),
        ("[]", "auto"),
        ("""{"cost":1.01}""", "auto.cost"),
        ("""{"cost":null}""", "auto.cost"),
        ("""{"quality":"1"}""", "auto.quality"),
        ("""{"latency":-0.1}""", "auto.latency"),
        ("""{"cost":0,"speed":1}""", "auto.speed"),
        ("""{"Cost":0}""", "auto.Cost"),
    ];

    private SpendingPlatform _platform = null!;

    private static IEnumerable<int> SurfaceCases => Enumerable.Range(0, Surfaces.Length);

    private static IEnumerable<int> WrongCases => Enumerable.Range(0, Wrong.Length);

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCaseSource(nameof(SurfaceCases))]
    public async Task Auto_WhenTheCheapestIsWanted_AsksItAndSaysSo(int number)
    {
        var person = await RichPersonAsync();
        var path = Surfaces[number].Path;
        var marker = Mark(path == "/v1/responses"
            ? Upstream.Raw("""{"object":"response","usage":{"input_tokens":20,"output_tokens":10}}""", "application/json")
            : Upstream.Ok(usage: Upstream.Usage(20, 10)));

        var answer = await Api.PostAsync(path, Surfaces[number].Body.Replace("MARKER", marker, StringComparison.Ordinal), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(Header(answer, "X-AiPlatform-Model"), Is.EqualTo("gpt-5-nano"));
        Assert.That(Header(answer, "X-AiPlatform-Choice"), Does.StartWith(CheapestChosen));
        var sent = _platform.Upstream.RequestsWith(marker).Single().Json.AsObject();
        Assert.That(sent["model"]!.GetValue<string>(), Is.EqualTo("gpt-5-nano"));
        Assert.That(sent.ContainsKey("auto"), Is.False);
        const long cost = (20 * 50) + (10 * 400);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        var usage = await UsageAsync(answer.RequestId());
        Assert.That((usage.Model, usage.PromptTokens, usage.AnswerTokens), Is.EqualTo(("gpt-5-nano", 20L, 10L)));
        var paid = (await _platform.EntriesAsync(answer.RequestId())).Single(row => row.Entry.Kind is EntryKind.Capture && row.Meter is Meter.Wallet).Entry;
        Assert.That(paid.PriceVersionId, Is.EqualTo(await PriceOfAsync("gpt-5-nano")));
    }

    [Test]
    public async Task Auto_WhenItStreams_TellsTheChoiceBeforeTheFirstEvent()
    {
        var person = await RichPersonAsync();
        var marker = Mark(Upstream.Raw("data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: [DONE]\n\n", "text/event-stream"));

        var answer = await ChatAsync(person, marker, Cheapest, ("stream", true));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Text, Does.Contain("[DONE]"));
        Assert.That(Header(answer, "X-AiPlatform-Model"), Is.EqualTo("gpt-5-nano"));
        Assert.That(Header(answer, "X-AiPlatform-Choice"), Does.StartWith(CheapestChosen));
    }

    [Test]
    public async Task Auto_WhenNothingIsSaidOfIt_TakesTheMiddle()
    {
        var person = await RichPersonAsync();

        var answer = await ChatAsync(person, Mark(Upstream.Ok()), auto: null);

        Assert.That(Header(answer, "X-AiPlatform-Choice"), Does.StartWith("cost=0.5,quality=0.5,latency=0.5;candidates="), answer.Text);
    }

    [Test]
    public async Task Auto_WhenTheCallerMayUseOtherModelsOnly_ChoosesAmongThem()
    {
        var person = await RichPersonAsync();
        var allowed = await _platform.ChangeAsync(HttpMethod.Put, "/admin/model-access", SpendingPlatform.Owner(
            "user", person.Id, ("models", new JsonArray("gpt-4o", "gpt-4o-mini"))));
        Assert.That(allowed.Status, Is.EqualTo(HttpStatusCode.OK), allowed.Text);

        var answer = await ChatAsync(person, Mark(Upstream.Ok()), Cheapest);

        Assert.That(Header(answer, "X-AiPlatform-Choice"), Does.EndWith("candidates=gpt-4o-mini,gpt-4o"), answer.Text);
        Assert.That(Header(answer, "X-AiPlatform-Model"), Is.EqualTo("gpt-4o-mini"));
    }

    [Test]
    public async Task Auto_WhenTheCallerMayUseNoPricedModel_IsNotFound()
    {
        var person = await RichPersonAsync();
        await _platform.ChangeAsync(HttpMethod.Put, "/admin/model-access", SpendingPlatform.Owner("user", person.Id, ("models", new JsonArray())));
        var marker = Mark(Upstream.Ok());

        var answer = await ChatAsync(person, marker, Cheapest);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("model_not_found"));
        Assert.That(_platform.Upstream.RequestsWith(marker), Is.Empty);
        Assert.That((await Api.GetAsync("/v1/models/auto", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCaseSource(nameof(WrongCases))]
    public async Task Auto_WhenItsFieldsAreWrong_IsRefusedNamingTheField(int number)
    {
        var person = await Api.UserAsync();

        var answer = await ChatAsync(person, "Hello", Wrong[number].Auto);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["param"]!.GetValue<string>(), Is.EqualTo(Wrong[number].Field));
        Assert.That(answer["error"]!["message"]!.GetValue<string>(), Does.StartWith($"'{Wrong[number].Field}' must be"));
    }

    [Test]
    public async Task Auto_WhenItsFieldsAreWrongInAMessage_IsRefusedInAnthropicsForm()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync(
            "/v1/messages", """{"model":"auto","auto":{"cost":2},"max_tokens":5,"messages":[{"role":"user","content":"a"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["type"]!.GetValue<string>(), Is.EqualTo("error"));
        Assert.That(answer["error"]!["message"]!.GetValue<string>(), Does.Contain("auto.cost"));
    }

    [Test]
    public async Task Auto_WhenAFieldsNameIsNoText_IsRefused()
    {
        var person = await Api.UserAsync();

        var answer = await ChatAsync(person, "Hello", """{"\ud800":1}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
    }

    [TestCase("/v1/embeddings", """{"model":"auto","input":["a"]}""")]
    [TestCase("/v1/images/generations", """{"model":"auto","prompt":"a"}""")]
    public async Task Auto_WhenNoTextIsAskedFor_IsNotFound(string path, string body)
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync(path, body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("model_not_found"));
    }

    [Test]
    public async Task AutoField_WhenTheModelIsNamed_ReachesTheProviderAsItIs()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Ok());

        var answer = await Api.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"gpt-4o-mini","auto":["x"],"messages":[{"role":"user","content":"{{marker}}"}]}""",
            person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker).Single().Json["auto"]!.ToJsonString(), Is.EqualTo("""["x"]"""));
        Assert.That(Header(answer, "X-AiPlatform-Choice"), Is.Null);
    }

    [Test]
    public async Task Models_WhenSomethingCanBeChosen_ListAuto()
    {
        var person = await Api.UserAsync();

        var list = await Api.GetAsync("/v1/models", person.ApiKey);
        var one = await Api.GetAsync("/v1/models/auto", person.ApiKey);

        var listed = list["data"]!.AsArray().Single(model => model!["id"]!.GetValue<string>() == "auto")!;
        Assert.That(listed["owned_by"]!.GetValue<string>(), Is.EqualTo("aiplatform"));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(one.Text), listed), one.Text);
    }

    [TestCase("auto", null)]
    [TestCase("AUTO", null)]
    [TestCase("another-model", "Auto")]
    public async Task Model_WhenItWouldBeFoundAsAuto_IsNotAdded(string name, string? alias)
    {
        var answer = await _platform.ChangeAsync(HttpMethod.Post, "/admin/models", new JsonObject
        {
            ["name"] = name,
            ["family"] = "f",
            ["capabilities"] = new JsonArray("chat"),
            ["aliases"] = alias is null ? new JsonArray() : new JsonArray(alias),
        });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Conflict), answer.Text);
    }

    [Test]
    public async Task Auto_WhenItComesAgainWithItsIdempotencyKey_HasTheFirstAnswer()
    {
        var person = await RichPersonAsync();
        var marker = Mark(Upstream.Ok());
        var key = $"{Unique.Id():N}";

        var first = await ChatAsync(person, marker, Cheapest, headers: ("Idempotency-Key", key));
        var second = await ChatAsync(person, marker, Cheapest, headers: ("Idempotency-Key", key));
        var other = await ChatAsync(person, marker, """{"cost":1}""", headers: ("Idempotency-Key", key));

        Assert.That((second.Status, second.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)), second.Text);
        Assert.That(Header(second, "Idempotency-Replayed"), Is.EqualTo("true"));
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.Conflict), other.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CachedAnswer_WhenItsModelIsChosen_IsGivenAgain()
    {
        var person = await RichPersonAsync();
        var on = await _platform.ChangeAsync(HttpMethod.Put, "/admin/caching", new JsonObject
        {
            ["api_key_id"] = (await _platform.KeyOfAsync(person)).ToString(),
            ["lifetime_seconds"] = 3600,
        });
        Assert.That(on.Status, Is.EqualTo(HttpStatusCode.OK), on.Text);
        var marker = Mark(Upstream.Ok());

        var named = await Api.PostAsync("/v1/chat/completions", Body("gpt-5-nano", string.Empty), person.ApiKey);
        var cheapest = await Api.PostAsync("/v1/chat/completions", Body("auto", """ "auto":{"cost":0},"""), person.ApiKey);
        var dearest = await Api.PostAsync("/v1/chat/completions", Body("auto", """ "auto":{"cost":1},"""), person.ApiKey);

        Assert.That(Header(named, "X-AiPlatform-Cache"), Is.EqualTo("miss"), named.Text);
        Assert.That((Header(cheapest, "X-AiPlatform-Cache"), cheapest.Text), Is.EqualTo(("hit", named.Text)));
        Assert.That(Header(cheapest, "X-AiPlatform-Choice"), Does.StartWith(CheapestChosen));
        Assert.That(Header(dearest, "X-AiPlatform-Cache"), Is.EqualTo("miss"), "another model is another question");
        Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(2));

        // The members that stay are the same bytes in both.
        string Body(string model, string auto) =>
            $$"""{"model":"{{model}}",{{auto}}"temperature":0,"max_tokens":20,"messages":[{"role":"user","content":"{{marker}}"}]}""";
    }

    private static string? Header(Answer answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Person> RichPersonAsync()
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        return person;
    }

    private Task<Answer> ChatAsync(Person person, string text, string? auto, (string Name, JsonNode Value)? field = null, (string Name, string Value)? headers = null)
    {
        var more = field is var (name, value) ? $"\"{name}\":{value.ToJsonString()}," : string.Empty;
        var wanted = auto is null ? string.Empty : $"\"auto\":{auto},";
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"auto",{{wanted}}{{more}}"max_tokens":20,"messages":[{"role":"user","content":"{{text}}"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("API-Key", person.ApiKey);
        if (headers is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return Api.SendAsync(request);
    }

    private Task<UsageRecord> UsageAsync(Guid requestId) => _platform.Platform.QueryAsync(
        db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(usage => usage.RequestId == requestId));

    private Task<Guid> PriceOfAsync(string model) => _platform.Platform.QueryAsync(
        db => db.Set<ModelPrice>().Where(price => price.Model == model).OrderByDescending(price => price.EffectiveFrom).Select(price => price.Id).FirstAsync());
}
