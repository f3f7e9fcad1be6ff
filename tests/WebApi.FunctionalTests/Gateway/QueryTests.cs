using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Queries that leave the choice of their model to the platform, and that the wallet pays.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class QueryTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;
    private const string Cheapest = """{"Cost":0,"Performance":0.5,"latency":0.5}""";

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCase("/query")]
    [TestCase("/query/")]
    public async Task Query_WhenTheWalletCoversIt_IsAnsweredByTheNearestModelAndPaidFromTheWallet(string path)
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Ok("Nile", Upstream.Usage(1_000, 500)));

        var answer = await AskAsync(person, marker, Cheapest, path);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        const long cost = (1_000 * 50) + (500 * 400);
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(answer.Text), JsonNode.Parse(
            """{"response":"Nile","wallet_balance":99,"model":"gpt-5-nano","input_tokens":1000,"output_tokens":500,"cost_cents":0.025}""")), answer.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        var sent = _platform.Upstream.RequestsWith(marker).Single().Json;
        Assert.That(sent["model"]!.GetValue<string>(), Is.EqualTo("gpt-5-nano"));
        Assert.That(sent["max_completion_tokens"]!.GetValue<int>(), Is.EqualTo(1024));
    }

    [Test]
    public async Task Query_WhenItIsInTheQueryString_IsAnswered()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Ok());

        var answer = await Api.PostAsync($"/query/?user_query={marker}", """{"user_input":{}}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Query_WhenAnotherOneComesWithTheSameKeyAndBody_IsNotAnsweredAsTheFirst()
    {
        var person = await PersonAsync(Dollar);
        var key = Mark(Upstream.Ok());

        var answers = new List<Answer>();
        foreach (var query in new[] { $"{key}-one", $"{key}-two", $"{key}-one" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/query?user_query={query}") { Content = new StringContent("""{"user_input":{}}""") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {person.ApiKey}");
            answers.Add(await Api.SendAsync(request));
        }

        Assert.That(answers[0].Status, Is.EqualTo(HttpStatusCode.OK), answers[0].Text);
        Assert.That((int)answers[1].Status, Is.InRange(400, 499), answers[1].Text);
        Assert.That(answers[2].Text, Is.EqualTo(answers[0].Text));
        Assert.That(_platform.Upstream.RequestsWith(key), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Query_WhenTheWalletIsEmpty_IsRefused()
    {
        var person = await Api.UserAsync();

        Refused(await AskAsync(person, "Hello", Cheapest), HttpStatusCode.PaymentRequired, """{"detail":"Insufficient balance"}""");
        Assert.That(
            await _platform.Platform.QueryAsync(db => db.Set<LedgerAccount>().AnyAsync(account => account.OwnerId == person.Id)), Is.False,
            "What is refused opens no account.");
    }

    [Test]
    public async Task Query_WhenTheWalletDoesNotCoverTheLongestAnswer_IsRefusedBeforeTheProviderIsAsked()
    {
        // 1,024 tokens of the cheapest model's answer cost 409,600 nano-USD, and the prompt some more.
        var person = await PersonAsync(400_000);
        var marker = Mark(Upstream.Ok());

        Refused(
            await AskAsync(person, marker, Cheapest),
            HttpStatusCode.PaymentRequired,
            """{"detail":"Insufficient balance to process query"}""");

        Assert.That(_platform.Upstream.RequestsWith(marker), Is.Empty);
    }

    [TestCase(400)]
    [TestCase(500)]
    public async Task Query_WhenTheProviderFails_AnswersBadGatewayAndCostsNothing(int status)
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Status(status));

        Refused(await AskAsync(person, marker, Cheapest), HttpStatusCode.BadGateway, """{"detail":"Model provider error"}""");

        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
    }

    [TestCase("""{"user_input":{}}""", "body.user_query", "missing", "Field required")]
    [TestCase("""{"user_query":7,"user_input":{}}""", "body.user_query", "string_type", "Input should be a valid string")]
    [TestCase("""{"user_query":"a"}""", "body.user_input", "missing", "Field required")]
    [TestCase("""{"user_query":"a","user_input":[{}]}""", "body.user_input", "dict_type", "Input should be a valid dictionary")]
    [TestCase("""{"user_query":"a","user_input":{"Cost":1.1}}""", "body.user_input.Cost", "less_than_equal", "Input should be less than or equal to 1")]
    [TestCase("""{"user_query":"a","user_input":{"Performance":"1"}}""", "body.user_input.Performance", "float_type", "Input should be a valid number")]
    [TestCase("""{"user_query":"a","user_input":{"latency":-0.1}}""", "body.user_input.latency", "greater_than_equal", "Input should be greater than or equal to 0")]
    public async Task Query_WhenAFieldIsWrong_IsUnprocessable(string body, string place, string type, string words)
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/query/", body, person.ApiKey);

        answer.AssertFault(place, type, words);
    }

    [Test]
    public async Task Query_WhenItsTextInTheAddressIsNone_SaysThatItStandsThere()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/query?user_query=%00", """{"user_input":{}}""", person.ApiKey);

        answer.AssertFault("query.user_query", "string_type", "Input should be a valid string");
    }

    [Test]
    public async Task Query_WhenNobodyIsSignedIn_IsUnauthorized() =>
        Assert.That((await Api.PostAsync("/query/", """{"user_query":"a","user_input":{}}""")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));

    private static void Refused(Answer answer, HttpStatusCode status, string body)
    {
        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Text, Is.EqualTo(body));
    }

    private Task<Answer> AskAsync(Person person, string query, string wanted, string path = "/query/") =>
        Api.PostAsync(path, $$"""{"user_query":"{{query}}","user_input":{{wanted}}}""", person.ApiKey);

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Person> PersonAsync(long wallet)
    {
        var person = await Api.UserAsync();
        await _platform.GrantAsync(person.Id, "wallet", wallet);
        return person;
    }
}
