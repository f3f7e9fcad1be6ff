using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The hosts of many vendors' models: who is asked, what is sent, what is answered in which words, and what it takes.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class ProxyTests(DatabaseProvider database)
{
    private LoopbackUpstream _upstream = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync();
        _platform = await TestPlatform.ListenAsync(
            database,
            ("Providers:Glama:Endpoint", $"{_upstream.Endpoint}/glama"),
            ("Providers:Glama:ApiKey", LoopbackGateway.Key),
            ("Providers:OpenRouter:Endpoint", $"{_upstream.Endpoint}/openrouter"),
            ("Providers:OpenRouter:ApiKey", LoopbackGateway.Key),
            ("Providers:OpenRouter:Timeout", "00:00:02"));
        _api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [TestCase("/llm/chat/completions", "or/a/model", null, "openrouter", "a/model")]
    [TestCase("/llm/chat", "glama/a/model", null, "glama", "a/model")]
    [TestCase("/llm/chat/completions", "a/model", "Glama", "glama", "a/model")]
    [TestCase("/llm/chat/completions", "glama/a/model", "glama", "glama", "a/model")]
    [TestCase("/llm/chat/completions", "a/model", null, "openrouter", "a/model")]
    public async Task Chat_GoesToTheHostThatIsNamed(string path, string model, string? provider, string host, string upstreamModel)
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 5)));
        var body = new JsonObject { ["model"] = model, ["messages"] = Messages(marker), ["made_up"] = 1 };
        if (provider is not null)
        {
            body["provider"] = provider;
        }

        var answer = await _api.PostAsync(path, body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["_usage_info"]!.ToJsonString(), Is.EqualTo($$"""{"tokens_used":15,"provider":"{{host}}","remaining_tokens":9985}"""));
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That(sent.Path, Is.EqualTo($"/v1/{host}/chat/completions"));
        Assert.That(sent.Json["model"]!.GetValue<string>(), Is.EqualTo(upstreamModel));
        Assert.That((sent.Json["provider"], sent.Json["made_up"]!.GetValue<int>()), Is.EqualTo(((JsonNode?)null, 1)));
    }

    [Test]
    public async Task Chat_WhenTheCallerHasTokens_TakesThemAndTellsWhatIsLeft()
    {
        var person = await _api.UserAsync();
        await LimitAsync(person, 100_000);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 5)));

        var answer = await _api.PostAsync("/llm/chat", Body(marker), person.ApiKey);

        Assert.That(answer["_usage_info"]!["remaining_tokens"]!.GetValue<long>(), Is.EqualTo(99_985), answer.Text);
    }

    /// <summary>OpenRouter tells what it charges the platform; the caller pays what the platform's own prices say.</summary>
    [Test]
    public async Task Chat_WhenTheHostTellsItsOwnCost_PassesItOnAsItIs()
    {
        var person = await _api.UserAsync();
        var usage = Upstream.Usage(10, 5);
        (usage["cost"], usage["is_byok"]) = (0.00014, false);
        usage["cost_details"] = new JsonObject { ["upstream_inference_cost"] = null };

        var answer = await _api.PostAsync("/llm/chat", Body(Mark(Upstream.Ok(usage: usage))), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["usage"]!.ToJsonString(), Is.EqualTo(usage.ToJsonString()));
        Assert.That(answer["_usage_info"]!["tokens_used"]!.GetValue<long>(), Is.EqualTo(15));
    }

    [Test]
    public async Task Chat_WhenTheTokensAreUsedUp_IsForbiddenInItsWords()
    {
        var person = await _api.UserAsync();
        await LimitAsync(person, 1);

        var answer = await _api.PostAsync("/llm/chat", Body("x"), person.ApiKey);

        Assert.That((answer.Status, answer.Text), Is.EqualTo((HttpStatusCode.Forbidden, """{"detail":"Insufficient tokens"}""")));
        var record = await _platform.QueryAsync(db => db.Set<AuditRecord>().SingleAsync(row => row.UserId == person.Id && row.Path == "/llm/chat"));
        Assert.That(record.Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Chat_WhenSeveralAnswersAreAskedFor_IsHeldAndLimitedByAllOfThem()
    {
        var person = await _api.UserAsync();
        await LimitAsync(person, 1_000);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 5)));
        var body = Body(marker);
        (body["n"], body["max_completion_tokens"]) = (4, 100_000);

        var answer = await _api.PostAsync("/llm/chat", body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_upstream.RequestsWith(marker).Single().Json["max_completion_tokens"]!.GetValue<int>(), Is.InRange(100, 249));
    }

    [TestCase("model", 7)]
    [TestCase("provider", 7)]
    [TestCase("n", 0)]
    [TestCase("best_of", 129)]
    [TestCase("max_completion_tokens", 0)]
    public async Task Chat_WhenAFieldThatIsReadIsWrong_IsRefused(string field, int value)
    {
        var person = await _api.UserAsync();
        var body = Body("x");
        body[field] = value;

        var answer = await _api.PostAsync("/llm/chat", body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), answer.Text);
        Assert.That(answer["detail"]![0]!["loc"]!.ToJsonString(), Is.EqualTo($"[\"body\",\"{field}\"]"));
        Assert.That(answer["detail"]![0]!["msg"]!.GetValue<string>(), Does.StartWith("Input should be"));
    }

    [TestCase("a\nb", false)]
    [TestCase("a\u007fb", false)]
    [TestCase("or/mod\u00e8le", false)]
    [TestCase("or/\u202e\u200b", true)]
    public async Task Chat_WhenNoHeaderCouldNameTheModel_IsRefusedAndNobodyIsAsked(string model, bool isStream)
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 5)));
        var body = Body(marker);
        (body["model"], body["stream"]) = (model, isStream);

        var answer = await _api.PostAsync("/llm/chat", body, person.ApiKey);

        answer.AssertFault("body.model", "value_error", "Input should be a string of 1 to 200 printable ASCII characters");
        Assert.That(_upstream.RequestsWith(marker), Is.Empty);
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"data\":7}")]
    [TestCase("{\"data\":[7]}")]
    [TestCase("{\"data\":[{\"id\":\"\\ud800\"}]}")]
    [TestCase("no JSON")]
    public async Task Models_WhenAHostAnswersSomethingElse_SayThatItFailed(string text)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw(text));
        await using var platform = await TestPlatform.StartAsync(database, ("Providers:OpenRouter:Endpoint", upstream.Endpoint));
        var api = platform.Api();

        var answer = await api.GetAsync("/llm/models?provider=openrouter", TestPlatform.AdminKey);
        await api.GetAsync("/llm/models?provider=openrouter", TestPlatform.AdminKey);

        Assert.That(answer["provider_status"]!.ToJsonString(), Is.EqualTo("""{"openrouter":"error"}"""), answer.Text);
        Assert.That(upstream.Requests, Has.Count.EqualTo(1), "A host that fails is left alone for a while.");
    }

    [Test]
    public async Task Chat_WhenItStreams_EndsWithItsUsageInAComment()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Ok(Upstream.Usage(10, 5), "one", "two"));
        var body = Body(marker);
        body["stream"] = true;

        var answer = await _api.PostAsync("/llm/chat/completions", body, person.ApiKey);

        Assert.That(answer.Text, Does.Contain("data: [DONE]\n\n"));
        Assert.That(answer.Text, Does.Contain(": _usage_info: {\"tokens_used\":15,\"provider\":\"openrouter\",\"remaining_tokens\":9985}\n"));
    }

    [Test]
    public async Task Chat_WhenTheHostIsUnknown_IsNotFound() =>
        await AssertRefusedAsync(new JsonObject { ["provider"] = "nobody", ["model"] = "x" }, HttpStatusCode.NotFound, "Unknown provider");

    [TestCase("req/a", null)]
    [TestCase("a", "aiml")]
    public async Task Chat_WhenTheHostHasNoKey_IsUnavailable(string model, string? provider) =>
        await AssertRefusedAsync(
            new JsonObject { ["provider"] = provider, ["model"] = model }, HttpStatusCode.ServiceUnavailable, "Provider is not configured");

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(500)]
    public async Task Chat_WhenTheHostRefusesOrFails_IsBadGateway(int status) =>
        await AssertRefusedAsync(Body(Mark(Upstream.Status(status))), HttpStatusCode.BadGateway, "Provider request failed");

    [Test]
    public async Task Chat_WhenTheHostIsSilent_IsATimeout() =>
        await AssertRefusedAsync(Body(Mark(Upstream.Hang())), HttpStatusCode.GatewayTimeout, "Provider request timed out");

    [Test]
    public async Task Chat_WhenTheAnswerIsLargerThanFourMebibytes_IsBadGateway() =>
        await AssertRefusedAsync(Body(Mark(Upstream.Huge(5 * 1024 * 1024))), HttpStatusCode.BadGateway, "Provider request failed");

    [Test]
    public async Task Chat_WhenNobodyIsIdentified_SaysSoInItsWords()
    {
        var answer = await _api.PostAsync("/llm/chat", Body("x"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((HttpStatusCode.Unauthorized, """{"detail":"Could not validate credentials"}""")));
    }

    [Test]
    public async Task CompletionsAndEmbeddings_GoToTheirOperations()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok());
        await _api.PostAsync("/llm/completions", new JsonObject { ["model"] = "or/a", ["prompt"] = marker }, person.ApiKey);
        var vectors = await _api.PostAsync("/llm/embeddings", new JsonObject { ["model"] = "or/a", ["input"] = new JsonArray(marker) }, person.ApiKey);

        Assert.That(vectors.Status, Is.EqualTo(HttpStatusCode.OK), vectors.Text);
        Assert.That(
            _upstream.RequestsWith(marker).Select(request => request.Path), Is.EqualTo(new[] { "/v1/openrouter/completions", "/v1/openrouter/embeddings" }));
    }

    [Test]
    public async Task Models_AreWhatEachHostTells()
    {
        await using var upstream = await LoopbackUpstream.StartAsync((http, request) => request.Path.Contains("glama", StringComparison.Ordinal)
            ? Upstream.Status(500)(http, request)
            : http.Response.WriteAsync("""{"data":[{"id":"a/model"},{"id":7},{"id":"b"}]}""", http.RequestAborted));
        await using var platform = await TestPlatform.StartAsync(
            database,
            ("Providers:Glama:Endpoint", $"{upstream.Endpoint}/glama"),
            ("Providers:OpenRouter:Endpoint", $"{upstream.Endpoint}/openrouter"));
        var api = platform.Api();

        var answer = await api.GetAsync("/llm/models", TestPlatform.AdminKey);
        var one = await api.GetAsync("/llm/models?provider=OpenRouter", TestPlatform.AdminKey);
        var unknown = await api.GetAsync("/llm/models?provider=nobody", TestPlatform.AdminKey);

        Assert.That(answer["models"]!.ToJsonString(), Is.EqualTo("""[{"id":"a/model","provider":"openrouter"},{"id":"b","provider":"openrouter"}]"""));
        Assert.That(answer["provider_status"]!.ToJsonString(), Is.EqualTo(
            """{"openrouter":"available","glama":"error","requesty":"not configured","aiml":"not configured","a4f":"not configured"}"""));
        Assert.That(answer["total_models"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(one["provider_status"]!.ToJsonString(), Is.EqualTo("""{"openrouter":"available"}"""));
        Assert.That((unknown.Status, unknown.Text), Is.EqualTo((HttpStatusCode.NotFound, """{"detail":"Unknown provider"}""")));
        Assert.That(upstream.Requests.Count(request => request.Path.Contains("openrouter", StringComparison.Ordinal)), Is.EqualTo(1), "The second answer was kept.");
    }

    [Test]
    public async Task Providers_AndHealth_AreAsDocumented()
    {
        var person = await _api.UserAsync();

        var providers = await _api.GetAsync("/llm/providers", person.ApiKey);
        var health = await _api.GetAsync("/llm/health", person.ApiKey);

        Assert.That(providers.Text, Is.EqualTo(
            """{"providers":["openrouter","glama","requesty","aiml","a4f"],"status":"All providers initialized","supported_operations":["chat_completion","text_completion","embeddings","list_models"]}"""));
        Assert.That((health["status"]!.GetValue<string>(), health["user_id"]!.GetValue<Guid>()), Is.EqualTo(("healthy", person.Id)));
    }

    private static JsonArray Messages(string text) => new(new JsonObject { ["role"] = "user", ["content"] = text });

    private static JsonObject Body(string text) => new() { ["model"] = "or/a/model", ["messages"] = Messages(text) };

    private async Task AssertRefusedAsync(JsonObject body, HttpStatusCode status, string detail)
    {
        var person = await _api.UserAsync();

        var answer = await _api.PostAsync("/llm/chat/completions", body, person.ApiKey);

        Assert.That((answer.Status, answer.Text), Is.EqualTo((status, new JsonObject { ["detail"] = detail }.ToJsonString())));
        var balance = await _api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(balance["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }

    private async Task LimitAsync(Person person, long tokens)
    {
        var body = SpendingPlatform.Owner("user", person.Id, ("meter", "tokens"), ("amount", tokens), ("token", await _api.TokenAsync()));
        var answer = await _api.SendAsync(HttpMethod.Put, "/admin/ledger/limits", body, TestPlatform.AdminKey, token: null);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _upstream.When(marker, behavior);
        return marker;
    }
}
