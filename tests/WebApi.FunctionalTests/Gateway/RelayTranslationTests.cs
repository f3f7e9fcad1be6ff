using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>
/// Clients of one vendor's API in front of providers of another: each is answered in its own form, and charged by what the
/// provider counted in its own.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayTranslationTests(DatabaseProvider database)
{
    /// <summary>Levels of a body that is read.</summary>
    private const int MaxDepth = 64;

    private LoopbackUpstream _upstream = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;

    /// <summary>gpt-4o-mini is served by a host of OpenAI's kind without its Responses API, gpt-4o by one of Anthropic's kind.</summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync();
        _platform = await TestPlatform.ListenAsync(
            database,
            ("Providers:Vllm:Endpoint", _upstream.Endpoint),
            ("Providers:Vllm:Models:gpt-4o-mini", "small"),
            ("Providers:Anthropic:Endpoint", _upstream.Endpoint),
            ("Providers:Anthropic:ApiKey", LoopbackGateway.Key),
            ("Providers:Anthropic:Models:gpt-4o", "claude"));
        _api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Messages_OverAChatProvider_AreAnsweredInAnthropicsForm()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok("Hello", Upstream.Usage(20, 5, cached: 8)));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"system":"Be brief","messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["type"]!.GetValue<string>(), Is.EqualTo("message"));
        Assert.That(answer["content"]![0]!["text"]!.GetValue<string>(), Is.EqualTo("Hello"));
        Assert.That(answer["usage"]!["input_tokens"]!.GetValue<int>(), Is.EqualTo(12));
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That((sent.Path, sent.Json["model"]!.GetValue<string>(), sent.Json["max_tokens"]!.GetValue<int>()), Is.EqualTo(("/v1/chat/completions", "small", 50)));
        var usage = await UsageAsync(person);
        Assert.That((usage.PromptTokens, usage.CachedTokens, usage.AnswerTokens, usage.Provider), Is.EqualTo((20L, 8L, 5L, "Vllm")));
    }

    [Test]
    public async Task Messages_OverAChatProviderThatCountsWritesToItsCache_TellThemApart()
    {
        var person = await _api.UserAsync();
        var counted = Upstream.Usage(20, 5, cached: 8);
        counted["prompt_tokens_details"]!["cache_write_tokens"] = 7;
        var marker = Mark(Upstream.Ok("Hello", counted));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        var usage = answer["usage"]!;
        Assert.That(
            (usage["input_tokens"]!.GetValue<int>(), usage["cache_read_input_tokens"]!.GetValue<int>(), usage["cache_creation_input_tokens"]!.GetValue<int>()),
            Is.EqualTo((5, 8, 7)), answer.Text);
        Assert.That((await UsageAsync(person)).CacheWriteTokens, Is.EqualTo(7));
    }

    [Test]
    public async Task Messages_WhenTheyStreamOverAChatProvider_EndInAnthropicsForm()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Ok(Upstream.Usage(20, 5), "Hel", "lo"));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(EventsIn(answer.Text), Is.EqualTo(new[]
        {
            "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        }));
        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(5));
    }

    [Test]
    public async Task Messages_WhenTheirStreamBreaksOff_EndInAnthropicsError()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Cut("Hel"));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(EventsIn(answer.Text)[^1], Is.EqualTo("error"));
        Assert.That(answer.Text, Does.Contain("""{"type":"error","error":{"type":"api_error","message":"""));
        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(1));
    }

    [Test]
    public async Task Messages_WhenTheProviderRefuses_GetItsWordsInAnthropicsForm()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Status(400, "bad"));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["type"]!.GetValue<string>(), Is.EqualTo("error"));
        Assert.That(answer["error"]!["message"]!.GetValue<string>(), Is.EqualTo(Upstream.Secret));
    }

    [Test]
    public async Task Messages_OverAnAnthropicProvider_PassThroughWithTheirHeaders()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Anthropic());
        using var request = Request("/v1/messages", person, $$"""{"model":"gpt-4o","max_tokens":50,"thinking":{"type":"enabled"},"messages":[{"role":"user","content":"{{marker}}"}]}""");
        request.Headers.TryAddWithoutValidation("anthropic-beta", "a-feature");

        var answer = await _api.SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["unknown"]!.GetValue<int>(), Is.EqualTo(1));
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That(sent.Json["thinking"]!["type"]!.GetValue<string>(), Is.EqualTo("enabled"));
        Assert.That((sent.Path, sent.Headers["anthropic-beta"], sent.Headers["x-api-key"]), Is.EqualTo(("/v1/messages", "a-feature", LoopbackGateway.Key)));
        var usage = await UsageAsync(person);
        Assert.That((usage.PromptTokens, usage.CachedTokens, usage.AnswerTokens), Is.EqualTo((35L, 20L, 4L)));
    }

    /// <summary>The first event of Anthropic's streams counts one token of an answer that has not begun.</summary>
    [TestCase("/v1/messages")]
    [TestCase("/v1/chat/completions")]
    public async Task Stream_WhenAnAnthropicProviderBreaksOff_CostsWhatWasDeliveredAndNotTheOpeningCount(string path)
    {
        var person = await _api.UserAsync();
        static string Delta(string text) => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""";
        var marker = Mark(UpstreamEvents.Raw(
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-1","content":[],"usage":{"input_tokens":30,"cache_read_input_tokens":12,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            Delta("Hello"),
            Delta(" out"),
            Delta(" there")));

        await PostAsync(path, person, $$"""{"model":"gpt-4o","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        var usage = await UsageAsync(person);
        Assert.That((usage.PromptTokens, usage.CachedTokens, usage.AnswerTokens), Is.EqualTo((42L, 12L, 4L)));
    }

    /// <summary>Why an answer ended, and what signs its thinking, is no text of it.</summary>
    [TestCase("/v1/messages")]
    [TestCase("/v1/chat/completions")]
    public async Task Stream_WhenAnAnthropicProviderCountsNothing_CostsItsTextAlone(string path)
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Raw(
            """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-1","content":[]}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello there!"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null}}""",
            """{"type":"message_stop"}"""));

        await PostAsync(path, person, $$"""{"model":"gpt-4o","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(3));
    }

    [Test]
    public async Task Chat_OverAnAnthropicProvider_IsAnsweredInOpenAIsForm()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Anthropic());

        var answer = await PostAsync("/v1/chat/completions", person, $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Is.EqualTo("Hi"));
        Assert.That(_upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>(), Is.EqualTo(16_384));
    }

    [TestCase("gpt-4o-mini", "/v1/chat/completions")]
    [TestCase("gpt-4o", "/v1/messages")]
    public async Task Responses_OverAnotherForm_AreAnsweredInTheirOwn(string model, string path)
    {
        var person = await _api.UserAsync();
        var marker = Mark((http, request) => request.Path == "/v1/messages" ? Anthropic()(http, request) : Upstream.Ok("Hi")(http, request));

        var answer = await PostAsync("/v1/responses", person, $$"""{"model":"{{model}}","input":"{{marker}}","max_output_tokens":30}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["object"]!.GetValue<string>(), Is.EqualTo("response"));
        Assert.That(answer["output"]![0]!["content"]![0]!["text"]!.GetValue<string>(), Is.EqualTo("Hi"));
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That((sent.Path, sent.Json["max_tokens"]!.GetValue<int>()), Is.EqualTo((path, 30)));
    }

    [Test]
    public async Task Responses_WhenTheyStreamOverAChatProvider_EndInTheirOwnForm()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Ok(Upstream.Usage(20, 5), "Hel", "lo"));

        var answer = await PostAsync("/v1/responses", person, $$"""{"model":"gpt-4o-mini","input":"{{marker}}","stream":true}""");

        var events = EventsIn(answer.Text);
        Assert.That((events[0], events[^1]), Is.EqualTo(("response.created", "response.completed")), answer.Text);
    }

    [Test]
    public async Task Responses_WithAHostedTool_AreRefusedByItsName()
    {
        var person = await _api.UserAsync();

        var answer = await PostAsync("/v1/responses", person, """{"model":"gpt-4o-mini","input":"x","tools":[{"type":"web_search"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["message"]!.GetValue<string>(), Does.Contain("tools[0].type"));
    }

    /// <summary>A schema in a body that is as deep as one may be comes to lie deeper in another form.</summary>
    [TestCase("/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"MARKER"}],"functions":[{"name":"deep","parameters":SCHEMA}]}""")]
    [TestCase("/v1/messages", """{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":"MARKER"}],"tools":[{"name":"deep","input_schema":SCHEMA}]}""")]
    [TestCase("/v1/responses", """{"model":"gpt-4o-mini","input":"MARKER","tools":[{"type":"function","name":"deep","parameters":SCHEMA}]}""")]
    [TestCase("/v1/responses", """{"model":"gpt-4o","input":"MARKER","tools":[{"type":"function","name":"deep","parameters":SCHEMA}]}""")]
    public async Task Request_WithASchemaAsDeepAsABodyMayBe_ReachesTheProvider(string path, string body)
    {
        var person = await _api.UserAsync();
        var chat = Upstream.Raw("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");
        var marker = Mark((http, request) => request.Path.EndsWith("/messages", StringComparison.Ordinal) ? Anthropic()(http, request) : chat(http, request));
        var schema = Deep(MaxDepth - 3);

        var answer = await PostAsync(path, person, body.Replace("MARKER", marker, StringComparison.Ordinal).Replace("SCHEMA", schema, StringComparison.Ordinal));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_upstream.RequestsWith(marker).Single().Text, Does.Contain(schema));
    }

    /// <summary>Arguments of a call are a text in a chat and an object in a message.</summary>
    [Test]
    public async Task Chat_WithArgumentsAsDeepAsTheyMayBe_ReachesAnAnthropicProvider()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Anthropic());
        var arguments = JsonValue.Create(Deep(MaxDepth)).ToJsonString();

        var answer = await PostAsync("/v1/chat/completions", person, $$$"""
            {"model":"gpt-4o","messages":[{"role":"user","content":"{{{marker}}}"},
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"deep","arguments":{{{arguments}}} }}]},
            {"role":"tool","tool_call_id":"a","content":"done"}]}
            """);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_upstream.RequestsWith(marker).Single().Text, Does.Contain(Deep(MaxDepth)));
    }

    [Test]
    public async Task Messages_WhenTheModelCallsWithArgumentsAsDeepAsTheyMayBe_AreAnsweredAndPaid()
    {
        var person = await _api.UserAsync();
        var call = new JsonObject { ["id"] = "a", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "deep", ["arguments"] = Deep(MaxDepth) } };
        var marker = Mark(Upstream.Spoilt(answer => answer["choices"]![0]!["message"] = new JsonObject { ["role"] = "assistant", ["tool_calls"] = new JsonArray(call) }));

        var answer = await PostAsync("/v1/messages", person, $$"""{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"{{marker}}"}]}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Text, Does.Contain(Deep(MaxDepth)));
        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(84));
    }

    /// <summary>Objects within one another, so many of them.</summary>
    private static string Deep(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);

    private static UpstreamBehavior Anthropic() => (http, _) => http.Response.WriteAsJsonAsync(
        new JsonObject
        {
            ["id"] = "msg_1",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "claude-1",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "Hi" }),
            ["stop_reason"] = "end_turn",
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = 10,
                ["cache_read_input_tokens"] = 20,
                ["cache_creation_input_tokens"] = 5,
                ["output_tokens"] = 4,
            },
            ["unknown"] = 1,
        },
        http.RequestAborted);

    private static List<string> EventsIn(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line["event: ".Length..])];

    private static HttpRequestMessage Request(string path, Person person, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("x-api-key", person.ApiKey);
        return request;
    }

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Answer> PostAsync(string path, Person person, string body)
    {
        using var request = Request(path, person, body);
        return await _api.SendAsync(request);
    }

    private Task<UsageRecord> UsageAsync(Person person) =>
        _platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
}
