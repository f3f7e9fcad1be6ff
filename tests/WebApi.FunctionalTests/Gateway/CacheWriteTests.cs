using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What providers count apart, or not at all: prompts that they write to their cache, and images.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class CacheWriteTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;

    // Of claude-haiku-4-5, in nano-USD a token: 1 dollar a million.
    private const long Input = 1_000;
    private const long Cached = Input / 10;
    private const long Write = Input * 5 / 4;
    private const long LongWrite = Input * 2;
    private const long Output = 5_000;

    private SpendingPlatform _platform = null!;
    private LoopbackUpstream _anthropic = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _anthropic = await LoopbackUpstream.StartAsync();
        _platform = await SpendingPlatform.StartAsync(
            database,
            ("Providers:Anthropic:Endpoint", _anthropic.Endpoint),
            ("Providers:Anthropic:ApiKey", LoopbackGateway.Key),
            ("Providers:OpenRouter:Endpoint", _anthropic.Endpoint),
            ("Providers:OpenRouter:ApiKey", LoopbackGateway.Key));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _anthropic.DisposeAsync();
    }

    [TestCase("""{"input_tokens":100,"output_tokens":10}""", (100 * Input) + (10 * Output))]
    [TestCase("""{"input_tokens":100,"cache_read_input_tokens":200,"cache_creation_input_tokens":300,"output_tokens":10}""",
        (100 * Input) + (200 * Cached) + (300 * Write) + (10 * Output))]
    [TestCase("""{"input_tokens":100,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":10}""",
        (100 * Input) + (200 * Write) + (100 * LongWrite) + (10 * Output))]
    [TestCase("""{"input_tokens":100,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_1h_input_tokens":900},"output_tokens":10}""",
        (100 * Input) + (300 * LongWrite) + (10 * Output))]
    [TestCase("""{"input_tokens":100,"cache_creation_input_tokens":-300,"cache_creation":{"ephemeral_1h_input_tokens":"x"},"output_tokens":10}""",
        (100 * Input) + (10 * Output))]
    public async Task Messages_WhenThePromptIsWrittenToTheCache_ArePaidByItsRates(string usage, long cost)
    {
        var person = await PersonAsync();
        var marker = $"marker-{Unique.Id():N}";
        _anthropic.When(marker, Upstream.Raw(
            $$"""{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Nile"}],"stop_reason":"end_turn","usage":{{usage}}}"""));

        var answer = await MessageAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
    }

    [Test]
    public async Task Messages_WhenTheyStream_KeepTheWritesThatTheFirstEventCounted()
    {
        var person = await PersonAsync();
        var marker = $"marker-{Unique.Id():N}";
        _anthropic.When(marker, Upstream.Raw(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":100,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":1}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Nile"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":100,"cache_creation_input_tokens":300,"output_tokens":10}}

            event: message_stop
            data: {"type":"message_stop"}


            """,
            "text/event-stream"));

        var answer = await MessageAsync(person, marker, streams: true);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        const long cost = (100 * Input) + (200 * Write) + (100 * LongWrite) + (10 * Output);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        var usage = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
        Assert.That(
            (usage.PromptTokens, usage.CachedTokens, usage.CacheWriteTokens, usage.LongCacheWriteTokens, usage.AnswerTokens),
            Is.EqualTo((400L, 0L, 200L, 100L, 10L)));
    }

    /// <summary>OpenRouter counts writes within the prompt; what it charges the platform changes nothing of what its caller pays.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task Chat_WhenOpenRouterCountsWritesToTheCache_IsPaidByTheirRate(bool streams)
    {
        const string usage = """
            {"prompt_tokens":600,"completion_tokens":10,"total_tokens":610,"prompt_tokens_details":{"cached_tokens":200,"cache_write_tokens":300},"cost":0.95,"cost_details":{"upstream_inference_cost":null}}
            """;
        var person = await PersonAsync();
        var marker = $"marker-{Unique.Id():N}";
        _anthropic.When(marker, streams
            ? UpstreamEvents.Raw(UpstreamEvents.Chunk("Nile"), $$"""{"id":"gen-1","choices":[],"usage":{{usage}}}""", "[DONE]")
            : Upstream.Raw($$"""{"id":"gen-1","object":"chat.completion","choices":[{"message":{"role":"assistant","content":"Nile"},"finish_reason":"stop"}],"usage":{{usage}}}"""));

        var answer = await Api.PostAsync(
            "/llm/chat/completions",
            $$"""{"provider":"openrouter","model":"anthropic/claude-haiku-4.5","max_tokens":50,"stream":{{(streams ? "true" : "false")}},"messages":[{"role":"user","content":"{{marker}}{{new string('x', 1_500)}}"}]}""",
            person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        const long cost = (100 * Input) + (200 * Cached) + (300 * Write) + (10 * Output);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        var row = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
        Assert.That((row.PromptTokens, row.CachedTokens, row.CacheWriteTokens, row.LongCacheWriteTokens), Is.EqualTo((600L, 200L, 300L, 0L)));
    }

    [TestCase("low", 272)]
    [TestCase("high", 4_160)]
    [TestCase("auto", ImageTokens.Most)]
    public async Task Image_WhenNobodyCountedItsTokens_IsPaidByWhatIsDocumented(string quality, int tokens)
    {
        var person = await PersonAsync();
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, Upstream.Raw($$"""{"created":1,"data":[{"b64_json":"{{Upstream.Pixel}}"}]}"""));

        var answer = await Api.PostAsync(
            "/v1/images/generations",
            $$"""{"model":"gpt-image-1","prompt":"{{marker}}","size":"1024x1024","quality":"{{quality}}"}""",
            person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var price = await _platform.Platform.QueryAsync(db => db.Set<ModelPrice>().AsNoTracking().FirstAsync(row => row.Model == "gpt-image-1"));
        var usage = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
        Assert.That(
            await _platform.SpentAsync("user", person.Id, "wallet"),
            Is.EqualTo(((usage.PromptTokens * price.InputPerMillion!.Value) + (tokens * price.AnswerPerMillion!.Value) + 999_999) / 1_000_000));
        Assert.That(await _platform.Platform.QueryAsync(db => db.Set<PlatformLoss>().AnyAsync(loss => loss.RequestId == answer.RequestId())), Is.False);
    }

    [TestCase("cache_write_per_million", "-1")]
    [TestCase("long_cache_write_per_million", "\"7\"")]
    public async Task Price_WhenARateOfCacheWritesIsWrong_IsRefused(string field, string value)
    {
        var answer = await SetPriceAsync(("input_per_million", "1"), ("answer_per_million", "1"), (field, value));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Does.StartWith($"{field} must be"));
    }

    [Test]
    public async Task Price_WhenRatesOfCacheWritesAreSet_ShowsThem()
    {
        var answer = await SetPriceAsync(
            ("input_per_million", "4"), ("answer_per_million", "9"), ("cache_write_per_million", "5"), ("long_cache_write_per_million", "8"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That((answer["cache_write_per_million"]!.GetValue<long>(), answer["long_cache_write_per_million"]!.GetValue<long>()), Is.EqualTo((5L, 8L)));
        Assert.That((await SetPriceAsync(("cache_write_per_million", "5"))).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private Task<Answer> SetPriceAsync(params (string Name, string Value)[] rates)
    {
        var body = new JsonObject { ["model"] = $"model-{Unique.Id():N}", ["source"] = "A test" };
        foreach (var (name, value) in rates)
        {
            body[name] = JsonNode.Parse(value);
        }

        return _platform.ChangeAsync(HttpMethod.Post, "/admin/ledger/prices", body);
    }

    private Task<Answer> MessageAsync(Person person, string text, bool streams = false) => Api.PostAsync(
        "/v1/messages",
        $$"""{"model":"claude-haiku-4-5","max_tokens":50,"stream":{{(streams ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}{{new string('x', 1_500)}}"}]}""",
        person.ApiKey);

    private async Task<Person> PersonAsync()
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        return person;
    }
}
