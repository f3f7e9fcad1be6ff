using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>How much the cache of answers keeps and for how long, over every surface, and who may switch it.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class AnswerCacheBoundsTests(DatabaseProvider database)
{
    private static readonly (string Path, string Body)[] Surfaces =
    [
        ("/v1/completions", """{"model":"gpt-4o-mini","temperature":0,"max_tokens":20,"prompt":"MARKER"}"""),
        ("/v1/responses", """{"model":"gpt-4o-mini","temperature":0,"max_output_tokens":20,"input":"MARKER"}"""),
        ("/v1/messages", """{"model":"gpt-4o-mini","temperature":0,"max_tokens":20,"messages":[{"role":"user","content":"MARKER"}]}"""),
    ];

    private static readonly (string Method, string Body, HttpStatusCode Status)[] Refused =
    [
        ("PUT", """{"token":"TOKEN","lifetime_seconds":60}""", HttpStatusCode.BadRequest),
        ("PUT", """{"token":"TOKEN","api_key_id":"7","lifetime_seconds":60}""", HttpStatusCode.NotFound),
        ("PUT", """{"token":"TOKEN","api_key_id":"KEY"}""", HttpStatusCode.BadRequest),
        ("PUT", """{"token":"TOKEN","api_key_id":"KEY","lifetime_seconds":0}""", HttpStatusCode.BadRequest),
        ("PUT", """{"token":"TOKEN","api_key_id":"KEY","lifetime_seconds":2592001}""", HttpStatusCode.BadRequest),
        ("PUT", """{"token":"TOKEN","api_key_id":"KEY","lifetime_seconds":"60"}""", HttpStatusCode.BadRequest),
        ("PUT", """{"api_key_id":"KEY","lifetime_seconds":60}""", HttpStatusCode.BadRequest),
        ("PUT", """{"token":"TOKEN","api_key_id":"01912345-0000-7000-8000-000000000000","lifetime_seconds":60}""", HttpStatusCode.NotFound),
        ("DELETE", """{"token":"TOKEN","api_key_id":"KEY"}""", HttpStatusCode.NotFound),
        ("DELETE", """{"token":"TOKEN"}""", HttpStatusCode.BadRequest),
    ];

    private SpendingPlatform _platform = null!;

    private static IEnumerable<int> SurfaceCases => Enumerable.Range(0, Surfaces.Length);

    private static IEnumerable<int> RefusedCases => Enumerable.Range(0, Refused.Length);

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(
        database, ("AnswerCache:MaxAnswersPerAccount", "2"), ("AnswerCache:SweepInterval", "00:00:01"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [TestCaseSource(nameof(SurfaceCases))]
    public async Task Hit_WhenTheSameIsAskedAgainOnAnySurface_IsTheSameAnswerForItsAccountAlone(int number)
    {
        var (one, other) = (await CachingPersonAsync(), await CachingPersonAsync());
        var path = Surfaces[number].Path;
        var marker = Mark(path == "/v1/responses" ? Upstream.Raw("""{"object":"response","usage":{"input_tokens":20,"output_tokens":10}}""") : Upstream.Ok());
        var body = Surfaces[number].Body.Replace("MARKER", marker, StringComparison.Ordinal);

        var first = await Api.PostAsync(path, body, one.ApiKey);
        var second = await Api.PostAsync(path, body, one.ApiKey);
        var others = await Api.PostAsync(path, body, other.ApiKey);

        Assert.That((first.Status, Cache(first)), Is.EqualTo((HttpStatusCode.OK, "miss")), first.Text);
        Assert.That((second.Status, second.Text, Cache(second)), Is.EqualTo((HttpStatusCode.OK, first.Text, "hit")));
        Assert.That(Cache(others), Is.EqualTo("miss"));
        Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Answers_WhenThereAreMoreThanAreKept_GoTheOldestFirst()
    {
        var person = await CachingPersonAsync();
        var markers = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            markers.Add(Mark(Upstream.Ok()));
            await AskAsync(person, markers[^1]);
            _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(await KeptAsync(person), Is.EqualTo(2));
        Assert.That(Cache(await AskAsync(person, markers[2])), Is.EqualTo("hit"));
        Assert.That(Cache(await AskAsync(person, markers[1])), Is.EqualTo("hit"));
        Assert.That(Cache(await AskAsync(person, markers[0])), Is.EqualTo("miss"));
    }

    [Test]
    public async Task Answers_WhenTheirTimeIsOver_AreRemoved()
    {
        var (passing, lasting) = (await CachingPersonAsync(seconds: 60), await CachingPersonAsync(seconds: 3600));
        await AskAsync(passing, Mark(Upstream.Ok()));
        await AskAsync(lasting, Mark(Upstream.Ok()));
        Assert.That(await KeptAsync(passing), Is.EqualTo(1));

        _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(61));

        await Assert.ThatAsync(() => GoneAsync(passing), Is.True);
        Assert.That(await KeptAsync(lasting), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(RefusedCases))]
    public async Task Switch_WhenTheRequestIsWrong_IsRefusedAndChangesNothing(int number)
    {
        var person = await Api.UserAsync();
        var key = await _platform.KeyOfAsync(person);
        var (method, body, status) = Refused[number];
        var text = body.Replace("TOKEN", await Api.TokenAsync(), StringComparison.Ordinal).Replace("KEY", key.ToString(), StringComparison.Ordinal);

        var answer = await Api.SendAsync(new HttpMethod(method), "/admin/caching", JsonNode.Parse(text)!.AsObject(), TestPlatform.AdminKey, token: null);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(await _platform.Platform.QueryAsync(db => db.Set<AnswerCacheRule>().AnyAsync(rule => rule.ApiKeyId == key)), Is.False);
    }

    [Test]
    public async Task Switch_WhenTheCallerIsNoAdministrator_IsForbidden()
    {
        var person = await Api.UserAsync();
        var body = new JsonObject
        {
            ["token"] = person.Token,
            ["api_key_id"] = (await _platform.KeyOfAsync(person)).ToString(),
            ["lifetime_seconds"] = 60,
        };

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            var answer = await Api.SendAsync(method, "/admin/caching", body.DeepClone().AsObject(), person.ApiKey, token: null);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden), answer.Text);
        }

        Assert.That((await Api.GetAsync("/admin/caching", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static string? Cache(Answer answer) =>
        answer.Headers.TryGetValues("X-AiPlatform-Cache", out var values) ? string.Join(", ", values) : null;

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Person> CachingPersonAsync(int seconds = 3600)
    {
        var person = await Api.UserAsync();
        var on = await _platform.ChangeAsync(HttpMethod.Put, "/admin/caching", new JsonObject
        {
            ["api_key_id"] = (await _platform.KeyOfAsync(person)).ToString(),
            ["lifetime_seconds"] = seconds,
        });
        Assert.That(on.Status, Is.EqualTo(HttpStatusCode.OK), on.Text);
        return person;
    }

    private Task<Answer> AskAsync(Person person, string text) => Api.PostAsync(
        "/v1/chat/completions",
        $$"""{"model":"gpt-4o-mini","temperature":0,"max_tokens":60,"messages":[{"role":"user","content":"{{text}}"}]}""",
        person.ApiKey);

    /// <summary>Whether what is kept of a person is removed before long.</summary>
    private async Task<bool> GoneAsync(Person person)
    {
        for (var look = 0; look < 300; look++)
        {
            if (await KeptAsync(person) == 0)
            {
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }

    private Task<int> KeptAsync(Person person) =>
        _platform.Platform.QueryAsync(db => db.Set<CachedAnswer>().CountAsync(answer => answer.UserId == person.Id));
}
