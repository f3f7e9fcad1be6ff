using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Requests that one route of a model cannot be told, and another takes as they are.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RelayRouteTests(DatabaseProvider database)
{
    /// <summary>The request asks for what only Anthropic itself runs.</summary>
    private const string HostedTool = """ "tools":[{"type":"web_search_20250305","name":"web_search"}] """;

    private LoopbackUpstream _upstream = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;

    /// <summary>
    /// Routes in their order: gpt-4o-mini has chat completions, then messages; gpt-4o the other way round; gpt-5-nano messages alone.
    /// </summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync();
        _platform = await TestPlatform.ListenAsync(
            database,
            ("Providers:Acme:Endpoint", _upstream.Endpoint),
            ("Providers:Acme:Models:gpt-4o-mini", "acme-mini"),
            ("Providers:Brand:Kind", "Anthropic"),
            ("Providers:Brand:Endpoint", _upstream.Endpoint),
            ("Providers:Brand:ApiKey", LoopbackGateway.Key),
            ("Providers:Brand:Models:gpt-4o-mini", "claude-mini"),
            ("Providers:Brand:Models:gpt-4o", "claude"),
            ("Providers:Brand:Models:gpt-5-nano", "claude-nano"),
            ("Providers:Zeta:Endpoint", _upstream.Endpoint),
            ("Providers:Zeta:Models:gpt-4o", "zeta"));
        _api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Test]
    public async Task Chat_WhenTheFirstRouteCannotBeToldIt_IsAnsweredByTheNextThatTakesItAsItIs()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok("Hi"));

        var answer = await _api.PostAsync(
            "/v1/chat/completions", $$"""{"model":"gpt-4o","n":2,"messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That((sent.Path, sent.Json["model"]!.GetValue<string>(), sent.Json["n"]!.GetValue<int>()), Is.EqualTo(("/v1/chat/completions", "zeta", 2)));
        Assert.That((await UsageAsync(person)).Provider, Is.EqualTo("Zeta"));
    }

    [Test]
    public async Task Messages_WhenTheFirstRouteCannotBeToldThem_AreAnsweredByTheNextThatTakesThemAsTheyAre()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Message);

        var answer = await _api.PostAsync(
            "/v1/messages", $$"""{"model":"gpt-4o-mini","max_tokens":50,{{HostedTool}},"messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var sent = _upstream.RequestsWith(marker).Single();
        Assert.That((sent.Path, sent.Json["tools"]![0]!["name"]!.GetValue<string>()), Is.EqualTo(("/v1/messages", "web_search")));
    }

    [Test]
    public async Task Chat_WhenTheRouteThatTakesItFails_IsTheProvidersFaultAndNotTheRequests()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Status(401));

        var afterIt = await _api.PostAsync(
            "/v1/chat/completions", $$"""{"model":"gpt-4o","n":2,"messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);
        var beforeIt = await _api.PostAsync(
            "/v1/chat/completions", $$"""{"model":"gpt-4o-mini","n":2,"messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);

        Assert.That((afterIt.Status, beforeIt.Status), Is.EqualTo((HttpStatusCode.BadGateway, HttpStatusCode.BadGateway)), afterIt.Text + beforeIt.Text);
        Assert.That(_upstream.RequestsWith(marker).Select(request => request.Json["model"]!.GetValue<string>()), Is.EquivalentTo(new[] { "zeta", "acme-mini" }));
        Assert.That(await _platform.QueryAsync(db => db.Set<UsageRecord>().AnyAsync(row => row.UserId == person.Id)), Is.False);
    }

    [Test]
    public async Task Chat_WhenNoRouteCanBeToldIt_IsRefusedByTheFieldsNameAndCostsNothing()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok());

        var answer = await _api.PostAsync(
            "/v1/chat/completions", $$"""{"model":"gpt-5-nano","n":2,"messages":[{"role":"user","content":"{{marker}}"}]}""", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["error"]!["param"]!.GetValue<string>(), Is.EqualTo("n"));
        Assert.That(_upstream.RequestsWith(marker), Is.Empty);
        Assert.That((await HoldAsync(person)).State, Is.EqualTo(HoldState.Released));
    }

    [Test]
    public async Task Auto_WhenTheChosenModelCannotBeToldIt_IsAnsweredByTheNextModel()
    {
        var person = await _api.UserAsync();
        var marker = Mark(Upstream.Ok("Hi"));

        var answer = await _api.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"auto","auto":{"cost":0},"n":2,"max_tokens":50,"messages":[{"role":"user","content":"{{marker}}"}]}""",
            person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(string.Concat(answer.Headers.GetValues("X-AiPlatform-Choice")), Does.Contain("candidates=gpt-5-nano,"));
        Assert.That(string.Concat(answer.Headers.GetValues("X-AiPlatform-Model")), Is.EqualTo("gpt-4o-mini"));
        Assert.That(_upstream.RequestsWith(marker).Single().Json["model"]!.GetValue<string>(), Is.EqualTo("acme-mini"));
    }

    private static Task Message(HttpContext http, UpstreamRequest request) => http.Response.WriteAsync(
        """{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"usage":{"input_tokens":10,"output_tokens":4}}""",
        http.RequestAborted);

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _upstream.When(marker, behavior);
        return marker;
    }

    private Task<UsageRecord> UsageAsync(Person person) =>
        _platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));

    private Task<Hold> HoldAsync(Person person) =>
        _platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.UserId == person.Id));
}
