using System.Net;
using System.Text;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Streams over real sockets: what reaches the client and when, and what is paid however a stream ends.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayStreamTests(DatabaseProvider database)
{
    private LoopbackUpstream _upstream = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync();
        _platform = await TestPlatform.ListenAsync(
            database, ("Providers:OpenAI:Endpoint", _upstream.Endpoint), ("Providers:OpenAI:ApiKey", LoopbackGateway.Key));
        _api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Stream_WhenUsageIsAskedForOrNot_PassesItOnOnlyThen(bool wantsUsage)
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Ok(Upstream.Usage(12, 3), "one", " two"));

        var text = await ReadAsync(person, Chat(marker, wantsUsage ? ""","stream_options":{"include_usage":true,"other":1}""" : string.Empty));

        var expected = new[] { UpstreamEvents.Chunk("one"), UpstreamEvents.Chunk(" two") };
        Assert.That(text, Does.StartWith(string.Concat(expected.Select(chunk => $"data: {chunk}\n\n"))));
        Assert.That(text, Does.Contain("data: [DONE]\n\n"));
        Assert.That(text.Contains("\"usage\"", StringComparison.Ordinal), Is.EqualTo(wantsUsage));
        Assert.That(text, Does.Contain(": X-AiPlatform-Cost: credits=1\n: X-AiPlatform-Balance: credits=998\n"));
        var sent = _upstream.RequestsWith(marker).Single().Json["stream_options"]!;
        Assert.That(sent["include_usage"]!.GetValue<bool>(), Is.True);
        Assert.That(sent["other"] is not null, Is.EqualTo(wantsUsage));
        var usage = await UsageAsync(person);
        Assert.That((usage.PromptTokens, usage.AnswerTokens), Is.EqualTo((12L, 3L)));
    }

    [Test]
    public async Task Stream_WhenAChunkArrives_IsOnTheClientsWireAtOnce()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Pause("first"));

        using var response = await OpenAsync(person, Chat(marker));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));

        // The upstream sends nothing more until this client is gone.
        Assert.That(line, Is.EqualTo($"data: {UpstreamEvents.Chunk("first")}"));
        Assert.That(response.Headers.GetValues("X-AiPlatform-Provider").Single(), Is.EqualTo("OpenAI"));
    }

    [Test]
    public async Task Stream_WhenTheClientLeaves_IsCancelledUpstreamAndItsPartIsPaid()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(UpstreamEvents.Pause("one", "two", "three"));
        await using var platform = await TestPlatform.ListenAsync(
            database, ("Providers:OpenAI:Endpoint", upstream.Endpoint), ("Providers:OpenAI:ApiKey", LoopbackGateway.Key));
        var person = await platform.Api().UserAsync();

        using (var http = new HttpClient { BaseAddress = platform.Address })
        using (var response = await http.SendAsync(Request(person, Chat("x")), HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            for (var line = 0; line < 6; line++)
            {
                await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            }
        }

        await upstream.ClientLeft;
        var record = await RecordAsync(platform, person);
        Assert.That((record.Status, record.Charged), Is.EqualTo((499, 1_000L)));
        var usage = await UsageAsync(person, platform);
        Assert.That(usage.AnswerTokens, Is.EqualTo(3));
    }

    [Test]
    public async Task Stream_WhenTheProviderBreaksOff_TellsTheClientAndChargesThePart()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Cut("one", "two"));

        var text = await ReadAsync(person, Chat(marker));

        Assert.That(text, Does.Contain(UpstreamEvents.Chunk("two")));
        Assert.That(text, Does.Contain("data: {\"error\":{\"message\":"));
        Assert.That(text, Does.Contain("\"code\":\"provider_failed\""));
        Assert.That(text, Does.Not.Contain("[DONE]"));
        var record = await RecordAsync(_platform, person);
        Assert.That((record.Status, record.Charged), Is.EqualTo((502, 1_000L)));
        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(2));
    }

    [Test]
    public async Task Stream_WhenAnEventIsUnreadable_BringsTheEventsThatArrivedWithItAndChargesThem()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Raw($"{UpstreamEvents.Chunk("one")}\n\ndata: {UpstreamEvents.Chunk("two")}\n\ndata: {{\"choices\":[{{"));

        var text = await ReadAsync(person, Chat(marker));

        Assert.That(text, Does.StartWith($"data: {UpstreamEvents.Chunk("one")}\n\ndata: {UpstreamEvents.Chunk("two")}\n\n"));
        Assert.That(text, Does.Contain("\"code\":\"provider_failed\"").And.Not.Contain("[DONE]"));
        Assert.That((await UsageAsync(person)).AnswerTokens, Is.EqualTo(2));
    }

    [Test]
    public async Task Stream_WhenTheProviderBreaksOffBeforeItsFirstChunk_IsBadGatewayAndFree()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Cut());

        using var response = await OpenAsync(person, Chat(marker));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That((await RecordAsync(_platform, person)).Charged, Is.Zero);
    }

    [TestCase("{\"choices\":")]
    [TestCase("no json")]
    public async Task Stream_WhenAChunkIsNoJson_TellsTheClient(string data)
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Raw(UpstreamEvents.Chunk("one"), data));

        var text = await ReadAsync(person, Chat(marker));

        Assert.That(text, Does.Contain("provider_failed"));
        Assert.That(text, Does.Not.Contain("no json"));
    }

    [Test]
    public async Task Stream_WhenTheProviderEndsWithoutAnEnd_IsNoWholeAnswer()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Raw(UpstreamEvents.Chunk("one")));

        Assert.That(await ReadAsync(person, Chat(marker)), Does.Contain("provider_failed"));
    }

    [Test]
    public async Task Stream_WhenTheProviderFailsBeforeItWritesAnything_TellsTheClientAndIsFree()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Raw(
            """{"type":"response.created","response":{"id":"resp_1"}}""",
            """{"type":"response.failed","response":{"id":"resp_1","error":{"message":"overloaded"},"usage":null}}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses")
        {
            Content = new StringContent($$"""{"model":"gpt-4o-mini","input":"{{marker}}","stream":true}"""),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {person.ApiKey}");

        using var response = await _api.Http.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("response.failed"));
        var balance = await _api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(balance["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }

    [Test]
    public async Task Stream_WhenChunksSayThatThereIsNoUsageYet_ArePassedOnAsTheyAre()
    {
        var person = await _api.UserAsync();
        const string chunk = """{"choices":[{"index":0,"delta":{"content":"one"},"finish_reason":"stop"}],  "usage":null}""";
        var marker = Mark(UpstreamEvents.Raw(chunk, """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}""", "[DONE]"));

        var text = await ReadAsync(person, Chat(marker));

        Assert.That(text, Does.StartWith($"data: {chunk}\n\ndata: [DONE]\n\n"));
    }

    [Test]
    public async Task Stream_WhenTheProviderAnswersWhole_IsPassedOnWhole()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok());

        Assert.That(await ReadAsync(person, Chat(marker)), Does.StartWith("{\"id\":\"chatcmpl-1\""));
    }

    [Test]
    public async Task Stream_WhenItCarriesAnIdempotencyKey_IsNotSentAgain()
    {
        var person = await _api.UserAsync();
        var marker = Mark(UpstreamEvents.Ok(Upstream.Usage(12, 3), "one"));
        using (var first = Request(person, Chat(marker)))
        {
            first.Headers.Add("Idempotency-Key", marker);
            using var answered = await _api.Http.SendAsync(first);
            Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        using var second = Request(person, Chat(marker));
        second.Headers.Add("Idempotency-Key", marker);
        using var refused = await _api.Http.SendAsync(second);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(_upstream.RequestsWith(marker), Has.Count.EqualTo(1));
    }

    private static string Chat(string text, string more = "") =>
        $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"{{text}}"}],"stream":true{{more}}}""";

    private static HttpRequestMessage Request(Person person, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {person.ApiKey}");
        return request;
    }

    private static async Task<AuditRecord> RecordAsync(TestPlatform platform, Person person)
    {
        for (var patience = 0; patience < 200; patience++)
        {
            if (await platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
                .SingleOrDefaultAsync(record => record.UserId == person.Id && record.RouteKey == "v1.chat.completions")) is { } record)
            {
                return record;
            }

            await Task.Delay(50);
        }

        throw new AssertionException("No record of the call was written.");
    }

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _upstream.When(marker, behavior);
        return marker;
    }

    private Task<HttpResponseMessage> OpenAsync(Person person, string body) =>
        _api.Http.SendAsync(Request(person, body), HttpCompletionOption.ResponseHeadersRead);

    private async Task<string> ReadAsync(Person person, string body)
    {
        using var response = await OpenAsync(person, body);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsStringAsync();
    }

    private Task<UsageRecord> UsageAsync(Person person, TestPlatform? platform = null) => (platform ?? _platform).QueryAsync(db =>
        db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
}
