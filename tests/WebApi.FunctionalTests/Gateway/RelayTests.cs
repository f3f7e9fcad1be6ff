using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>OpenAI's API in front of a provider: what passes through, what is changed, what fails, and what it costs.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [Test]
    public async Task Chat_WhenFieldsAreUnknown_ReachTheProviderAndTheClientUnchanged()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Spoilt(answer => answer["system_fingerprint"] = "fp_1"));
        var body = """{ "messages":[{"role":"user","content":"MARKER é"}],"model":"GPT-4o-mini","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"logprobs":true, "seed":1e2,"made_up":{"a":[1,2,null]}}"""
            .Replace("MARKER", marker, StringComparison.Ordinal);

        var answer = await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["system_fingerprint"]!.GetValue<string>(), Is.EqualTo("fp_1"));
        var sent = _platform.Upstream.RequestsWith(marker).Single();
        Assert.That(sent.Text, Is.EqualTo(body.Replace("GPT-4o-mini", "gpt-4o-mini", StringComparison.Ordinal)));
        Assert.That(sent.Headers["Authorization"], Is.EqualTo("Bearer key-of-a-test"));
        AssertHeader(answer, "X-AiPlatform-Provider", "OpenAI");
        AssertHeader(answer, "X-AiPlatform-Model", "gpt-4o-mini");
        AssertHeader(answer, "X-AiPlatform-Cost", "credits=1");
        AssertHeader(answer, "X-AiPlatform-Balance", "credits=998");
        AssertHeader(answer, "X-AiPlatform-Request-Id", answer.RequestId().ToString());
    }

    [TestCase("Authorization")]
    [TestCase("api-key")]
    [TestCase("x-api-key")]
    [TestCase("API-Key")]
    [TestCase("X-Token")]
    public async Task Chat_WhenTheCredentialComesInAnyOfItsHeaders_IsAnswered(string header)
    {
        var person = await Api.UserAsync();

        foreach (var secret in new[] { person.ApiKey, person.Token })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.TryAddWithoutValidation(header, header == "Authorization" ? $"Bearer {secret}" : secret);
            var answer = await Api.SendAsync(request);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        }
    }

    [Test]
    public async Task Chat_WhenTheWalletPays_CostsWhatTheProviderCounted()
    {
        var person = await RichPersonAsync(Dollar);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(1_000, 50, cached: 200)), new string('x', 1_000));

        var answer = await ChatAsync(person, marker, ("max_tokens", 100));

        const long cost = (800 * 150) + (200 * 75) + (50 * 600);
        AssertHeader(answer, "X-AiPlatform-Cost", "wallet=0.000165");
        AssertHeader(answer, "X-AiPlatform-Balance", "wallet=0.999835");
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
    }

    [Test]
    public async Task Chat_WhenTheWalletPaysAShorterAnswerOnly_AsksForThat()
    {
        // The hold has room for the prompt's bytes and about 1,000 tokens of the answer.
        var person = await RichPersonAsync(700_000);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 10)));

        await ChatAsync(person, marker, ("max_tokens", 16_000), ("n", 2));

        var sent = _platform.Upstream.RequestsWith(marker).Single().Json;
        Assert.That(sent["max_tokens"]!.GetValue<int>(), Is.InRange(100, 580));
        Assert.That(sent["n"]!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task Chat_WhenTheWalletPaysAndNoLimitIsSet_SetsOne()
    {
        var person = await RichPersonAsync(Dollar);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(10, 10)));

        await ChatAsync(person, marker);

        Assert.That(_platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>(), Is.EqualTo(16_384));
    }

    [TestCase(400, "invalid_prompt")]
    [TestCase(404, "model_not_found")]
    [TestCase(413, "too_large")]
    [TestCase(422, "unprocessable")]
    public async Task Chat_WhenTheProviderRefusesTheRequest_PassesItsWordsOnAndCostsNothing(int status, string code)
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Status(status, code));

        var answer = await Api.PostAsync("/v1/chat/completions", Chat(marker), person.ApiKey);

        Assert.That((int)answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo(code));
        Assert.That(answer["error"]!["message"]!.GetValue<string>(), Is.EqualTo(Upstream.Secret));
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
        Assert.That((await RecordAsync(person)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Chat_WhenTheProviderIsOverloaded_KeepsItsRetryAfter()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Status(429, "rate_limit_exceeded", retryAfter: "30"));

        var answer = await Api.PostAsync("/v1/chat/completions", Chat(marker), person.ApiKey);

        Assert.That((int)answer.Status, Is.EqualTo(429), answer.Text);
        AssertHeader(answer, "Retry-After", "30");
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(500)]
    public async Task Chat_WhenTheProviderFailsOrRefusesThePlatform_AnswersBadGatewayInOwnWords(int status)
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Status(status));

        var answer = await Api.PostAsync("/v1/chat/completions", Chat(marker, "gpt-4o"), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadGateway), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("provider_failed"));
        Assert.That(answer.Text, Does.Not.Contain(Upstream.Secret));
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
    }

    [TestCase("no JSON at all")]
    [TestCase("[1]")]
    [TestCase("{\"choices\":")]
    public async Task Chat_WhenTheAnswerIsNoJsonObject_AnswersBadGatewayAndCostsNothing(string text)
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Raw(text));

        var answer = await Api.PostAsync("/v1/chat/completions", Chat(marker), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadGateway), answer.Text);
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
    }

    [Test]
    public async Task Chat_WhenTheAnswerIsAHundredMegabytes_IsGivenUpAndCostsNothing()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Huge(100 * 1024 * 1024));

        var answer = await Api.PostAsync("/v1/chat/completions", Chat(marker, "gpt-4o"), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadGateway), answer.Text);
        AssertHeader(answer, "X-AiPlatform-Cost", "credits=0");
        Assert.That(await BalanceAsync(person), Is.EqualTo(999));
    }

    [Test]
    public async Task Chat_WhenTheProviderCountsBelowZero_IsChargedByItsText()
    {
        var person = await RichPersonAsync(Dollar);
        var marker = Mark(Upstream.Spoilt(answer => answer["usage"] = Upstream.Usage(-5, -7)));

        await ChatAsync(person, marker);

        // "A fine answer": 13 bytes, four to a token. The prompt is estimated by the bytes of the request.
        var promptTokens = (Chat(marker).Length + 3) / 4;
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo((promptTokens * 150) + (4 * 600)));
    }

    [Test]
    public async Task Chat_WhenTheModelHasNoPriceAndTheWalletPays_SaysWhatToDo()
    {
        var person = await RichPersonAsync(Dollar);

        var answer = await Api.PostAsync("/v1/chat/completions", Chat("x", "llama-3.1-405b"), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["code"]!.GetValue<string>(), Is.EqualTo("model_not_priced"));
    }

    [Test]
    public async Task Chat_WhenTheBodyIsLarge_IsReadUpToItsBound()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Ok());
        var large = Chat($"{marker} {new string('x', 2 * 1024 * 1024)}");

        var answer = await Api.PostAsync("/v1/chat/completions", large, person.ApiKey);
        var tooLarge = await Api.PostAsync("/v1/chat/completions", Chat(new string('x', 17 * 1024 * 1024)), person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(tooLarge.Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge), tooLarge.Text);
        Assert.That(tooLarge["error"]!["code"]!.GetValue<string>(), Is.EqualTo("body_too_large"));
    }

    [Test]
    public async Task Completions_WhenNoLimitIsSet_IsHeldByTheDocumentedOne()
    {
        var person = await RichPersonAsync(Dollar);
        var marker = Mark(Upstream.Raw("""{"choices":[{"text":"on"}],"usage":{"prompt_tokens":4,"completion_tokens":2}}"""));

        var answer = await Api.PostAsync("/v1/completions", $$"""{"model":"gpt-4o-mini","prompt":"{{marker}}"}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>(), Is.EqualTo(16));
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo((4 * 150) + (2 * 600)));
    }

    [Test]
    public async Task Completions_WhenSeveralTextsAreGivenAtOnce_ArePaidAndLimitedEach()
    {
        // Room for the prompt's bytes and about 1,000 tokens of answers: 8 answers, to 4 texts two each.
        var person = await RichPersonAsync(700_000);
        var marker = Mark(Upstream.Raw("""{"choices":[{"text":"on"}],"usage":{"prompt_tokens":4,"completion_tokens":2}}"""));

        var answer = await Api.PostAsync(
            "/v1/completions", $$"""{"model":"gpt-4o-mini","prompt":["{{marker}}","b",[1,2],"d"],"n":2,"max_tokens":16000}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>(), Is.InRange(50, 145));
    }

    [Test]
    public async Task Responses_WhenTheyGoOnWithAStoredConversation_AreHeldByTheModelsWindow()
    {
        // 128,000 tokens of the window cost 19,200,000 nano-USD, the few bytes of the request next to nothing.
        var poor = await RichPersonAsync(19_000_000);
        var rich = await RichPersonAsync(Dollar);
        var marker = Mark(Upstream.Raw("""{"output":[],"usage":{"input_tokens":90000,"output_tokens":1}}"""));
        var body = $$"""{"model":"gpt-4o-mini","input":"{{marker}}","previous_response_id":"resp_1","max_output_tokens":20}""";

        var refused = await Api.PostAsync("/v1/responses", body, poor.ApiKey);
        var answer = await Api.PostAsync("/v1/responses", body, rich.ApiKey);

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.PaymentRequired), refused.Text);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.SpentAsync("user", rich.Id, "wallet"), Is.EqualTo((90_000 * 150) + 600));
    }

    [Test]
    public async Task Chat_WhenItIsSentTwiceWithOneKey_IsChargedOnce()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Ok());
        var (first, second) = (await SendAsync(), await SendAsync());

        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), second.Text);
        Assert.That(second.Text, Is.EqualTo(first.Text));
        AssertHeader(second, "Idempotency-Replayed", "true");
        Assert.That(await BalanceAsync(person), Is.EqualTo(998));

        async Task<Answer> SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Chat(marker)) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", marker);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {person.ApiKey}");
            return await Api.SendAsync(request);
        }
    }

    [Test]
    public async Task Record_OfAChat_KeepsWhatWasAskedAndAnswered()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Ok("the answer"));

        await ChatAsync(person, marker);

        var record = await RecordAsync(person);
        Assert.That(record.RequestBody, Does.Contain(marker));
        Assert.That(record.ResponseBody, Does.Contain("the answer"));
    }

    private static string Chat(string text, string model = "gpt-4o-mini") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]}""";

    private static void AssertHeader(Answer answer, string name, string value) =>
        Assert.That(answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null, Is.EqualTo(value), name);

    private string Mark(UpstreamBehavior behavior, string text = "")
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker + text;
    }

    private async Task<Person> RichPersonAsync(long amount)
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", amount);
        return person;
    }

    private async Task<Answer> ChatAsync(Person person, string text, params (string Name, JsonNode Value)[] fields)
    {
        var body = JsonNode.Parse(Chat(text))!;
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        var answer = await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer;
    }

    private async Task<long> BalanceAsync(Person person) =>
        (await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>();

    private Task<AuditRecord> RecordAsync(Person person) => _platform.Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
        .SingleAsync(record => record.UserId == person.Id && record.RouteKey == "v1.chat.completions"));
}
