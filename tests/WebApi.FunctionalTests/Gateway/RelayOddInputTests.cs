using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Requests and answers that are JSON and hardly more: none of them fails the platform.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayOddInputTests(DatabaseProvider database)
{
    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCase("""{"model":"gpt-4o-mini","messages":[{"\ud800":1,"role":"user"}]}""")]
    [TestCase("""{"model":"gpt-4o-mini","stream":true,"stream_options":{"\ud800":1}}""")]
    [TestCase("""{"model":"gpt-4o-mini","stream":true,"stream_options":7}""")]
    [TestCase("""{"model":"gpt-4o-mini","stream":true,"stream_options":null}""")]
    [TestCase("""{"model":"gpt-4o-mini","temperature":0,"tools":[{"type":"\ud800"}]}""")]
    [TestCase("""{"model":"gpt-4o-mini","temperature":0,"tools":[{"\ud800":1}]}""")]
    [TestCase("""{"model":"gpt-4o-mini","temperature":0,"tools":"x"}""")]
    [TestCase("""{"model":"auto","auto":{"\ud800":1}}""")]
    [TestCase("""{"model":"auto","auto":{"cost":0.1,"\udc00":{"cost":1}}}""")]
    [TestCase("""{"model":"auto","auto":[1]}""")]
    [TestCase("""{"model":"gpt-4o-mini","n":128,"best_of":128,"max_tokens":2147483647}""")]
    public async Task Chat_WhenItsFieldsAreOdd_IsAnsweredOrRefused(string body)
    {
        var person = await Api.UserAsync();
        await CacheAsync(person);
        body = body.Insert(1, $"\"user\":\"{Mark(Upstream.Status(400))}\",");

        foreach (var path in new[] { "/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages" })
        {
            var answer = await Api.PostAsync(path, body, person.ApiKey);
            Assert.That((int)answer.Status, Is.LessThan(500), $"{path} {answer.Text}");
        }
    }

    [Test]
    public async Task Chat_WhenTheAnswerHasAHalfOfACharacterForAName_IsAnsweredOrBadGateway()
    {
        var person = await Api.UserAsync();
        var marker = Mark(Upstream.Raw("""{"choices":[{"message":{"\ud800":"x","content":"y"}}]}"""));

        var answer = await Api.PostAsync("/v1/chat/completions", $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.BadGateway), answer.Text);
    }

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task CacheAsync(Person person)
    {
        var answer = await _platform.ChangeAsync(
            HttpMethod.Put, "/admin/caching", new JsonObject { ["api_key_id"] = $"{await _platform.KeyOfAsync(person)}", ["lifetime_seconds"] = 60 });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }
}
