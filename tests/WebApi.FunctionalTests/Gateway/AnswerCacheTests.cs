using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Which requests are answered from the cache, with what, and which never are.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class AnswerCacheTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;

    private static readonly (string Path, string Body)[] Varying =
    [
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":0.1,"messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":1e-400,"messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":"0","messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":0,"n":2,"messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":0,"web_search_options":{},"messages":[{"role":"user","content":"MARKER"}]}"""),
        ("/v1/chat/completions", """{"model":"gpt-4o-mini","temperature":0,"tools":[{"type":"web_search"}],"messages":[{"role":"user","content":"MARKER"}]}"""),
    ];

    private SpendingPlatform _platform = null!;

    private static IEnumerable<int> VaryingCases => Enumerable.Range(0, Varying.Length);

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [Test]
    public async Task Cache_WhenNobodySwitchedItOn_IsOff()
    {
        var person = await Api.UserAsync();
        var marker = Mark();

        var (first, second) = (await AskAsync(person, marker), await AskAsync(person, marker));

        Assert.That((Header(first, "X-AiPlatform-Cache"), Header(second, "X-AiPlatform-Cache")), Is.EqualTo(((string?)null, (string?)null)));
        AssertAsked(marker, 2);
        Assert.That(await KeptAsync(person), Is.Empty);
    }

    [Test]
    public async Task Hit_WhenTheSameIsAskedAgain_CostsNothingAndReachesNobody()
    {
        var person = await CachingPersonAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(100, 50)), new string('x', 500));

        var first = await AskAsync(person, marker);
        var entries = await EntriesAsync();
        var second = await AskAsync(person, marker);

        const long cost = (100 * 150) + (50 * 600);
        Assert.That(Header(first, "X-AiPlatform-Cache"), Is.EqualTo("miss"), first.Text);
        Assert.That(Header(first, "X-AiPlatform-Cost"), Is.EqualTo("wallet=0.000045"));
        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(Header(second, "X-AiPlatform-Cache"), Is.EqualTo("hit"));
        Assert.That(Header(second, "X-AiPlatform-Saved"), Is.EqualTo("wallet=0.000045"));
        Assert.That(Header(second, "X-AiPlatform-Cost"), Is.EqualTo("wallet=0"));
        Assert.That(Header(second, "X-AiPlatform-Provider"), Is.EqualTo("OpenAI"));
        Assert.That(Header(second, "X-AiPlatform-Model"), Is.EqualTo("gpt-4o-mini"));
        AssertAsked(marker, 1);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        Assert.That(await EntriesAsync(), Is.EqualTo(entries), "a hit writes nothing into the ledger");
        var record = await _platform.Platform.AuditRecordAsync(second.RequestId());
        Assert.That((record.Status, record.ReplayOf, record.HoldId), Is.EqualTo((200, (Guid?)first.RequestId(), (Guid?)null)));

        Task<int> EntriesAsync() => _platform.Platform.QueryAsync(db => db.Set<LedgerEntry>()
            .CountAsync(entry => db.Set<LedgerAccount>().Any(account => account.Id == entry.AccountId && account.OwnerId == person.Id)));
    }

    [Test]
    public async Task Hit_WhenTheAccountHasNoFundsLeft_IsAnsweredAllTheSame()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, marker);
        await _platform.SetLimitAsync("user", person.Id, "requests_per_minute", 0);

        var (known, unknown) = (await AskAsync(person, marker), await AskAsync(person, Mark()));

        Assert.That((known.Status, unknown.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.TooManyRequests)), known.Text);
    }

    [Test]
    public async Task Hit_WhenTheCallHasAnIdempotencyKey_IsNoReplayOfIt()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, marker);

        var answer = await AskAsync(person, marker, ("Idempotency-Key", $"{Unique.Id():N}"));

        Assert.That((Header(answer, "X-AiPlatform-Cache"), Header(answer, "Idempotency-Replayed")), Is.EqualTo(("hit", (string?)null)));
    }

    [Test]
    public async Task Answer_WhenAnotherAccountAsksTheSame_IsItsOwn()
    {
        var (one, other) = (await CachingPersonAsync(), await CachingPersonAsync());
        var marker = Mark();
        await AskAsync(one, marker);

        var answer = await AskAsync(other, marker);

        Assert.That(Header(answer, "X-AiPlatform-Cache"), Is.EqualTo("miss"));
        AssertAsked(marker, 2);
    }

    [Test]
    public async Task Answer_WhenItsRowIsMovedToAnotherAccount_IsGivenToNobody()
    {
        var (one, other) = (await CachingPersonAsync(), await CachingPersonAsync());
        var marker = Mark();
        await AskAsync(one, marker);
        await AskAsync(other, marker);
        var mine = (await KeptAsync(one)).Single();

        // What a hash that leaves the account out would come to: the other's question finds this account's answer.
        await _platform.Platform.QueryAsync(db => db.Set<CachedAnswer>().Where(row => row.UserId == other.Id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Sealed, mine.Sealed).SetProperty(row => row.RequestId, mine.RequestId)
            .SetProperty(row => row.MadeAt, mine.MadeAt).SetProperty(row => row.ExpiresAt, mine.ExpiresAt)));
        var answer = await AskAsync(other, marker);

        Assert.That(Header(answer, "X-AiPlatform-Cache"), Is.EqualTo("miss"));
        AssertAsked(marker, 3);
    }

    [Test]
    public async Task Answer_WhenItsRowWasTamperedWith_IsAskedForAnew()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        var first = await AskAsync(person, marker);
        var row = (await KeptAsync(person)).Single();
        Assert.That(Encoding.UTF8.GetString(row.Sealed), Does.Not.Contain("fine answer"), "kept in the clear");
        row.Sealed[^1] ^= 1;

        await _platform.Platform.QueryAsync(db => db.Set<CachedAnswer>().Where(kept => kept.Id == row.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(kept => kept.Sealed, row.Sealed)));
        var (second, third) = (await AskAsync(person, marker), await AskAsync(person, marker));

        Assert.That((second.Status, second.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)));
        Assert.That((Header(second, "X-AiPlatform-Cache"), Header(third, "X-AiPlatform-Cache")), Is.EqualTo(("miss", "hit")));
        AssertAsked(marker, 2);
    }

    [Test]
    public async Task Request_WhenOneByteDiffers_Misses()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, marker);

        var answer = await AskAsync(person, $"{marker}!");

        Assert.That(Header(answer, "X-AiPlatform-Cache"), Is.EqualTo("miss"));
        AssertAsked(marker, 2);
    }

    [Test]
    public async Task Answer_WhenItsLifetimeIsOver_IsAskedForAnew()
    {
        var person = await CachingPersonAsync(seconds: 60);
        var marker = Mark();
        await AskAsync(person, marker);

        _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(40));
        var young = await AskAsync(person, marker);
        _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(30));
        var old = await AskAsync(person, marker);

        Assert.That((Header(young, "X-AiPlatform-Cache"), Header(old, "X-AiPlatform-Cache")), Is.EqualTo(("hit", "miss")));
        AssertAsked(marker, 2);
    }

    [Test]
    public async Task Lifetime_WhenItIsShortened_BindsWhatIsKept()
    {
        var person = await CachingPersonAsync(seconds: 3600);
        var marker = Mark();
        await AskAsync(person, marker);
        _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(40));

        await SwitchOnAsync(await _platform.KeyOfAsync(person), 30);
        var answer = await AskAsync(person, marker);

        Assert.That(Header(answer, "X-AiPlatform-Cache"), Is.EqualTo("miss"));
    }

    [Test]
    public async Task Key_WhenItsAccountIsDeleted_IsRefusedInsteadOfAnswered()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, marker);
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));
        var deleted = await Api.AdministerAsync("/admin/delete-user", ("id", person.Id.ToString()));
        Assert.That(deleted.Status, Is.EqualTo(HttpStatusCode.OK), deleted.Text);

        var answer = await AskAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized), answer.Text);
    }

    [TestCaseSource(nameof(VaryingCases))]
    public async Task Request_WhenItsAnswerCanVary_IsAskedEachTime(int number)
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        var (path, body) = (Varying[number].Path, Varying[number].Body.Replace("MARKER", marker, StringComparison.Ordinal));

        await Api.PostAsync(path, body, person.ApiKey);
        var second = await Api.PostAsync(path, body, person.ApiKey);

        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.OK), second.Text);
        Assert.That(Header(second, "X-AiPlatform-Cache"), Is.Null);
        AssertAsked(marker, 2);
        Assert.That(await KeptAsync(person), Is.Empty);
    }

    [Test]
    public async Task Request_WhenItStreams_IsAskedEachTime()
    {
        var person = await CachingPersonAsync();
        var marker = Mark(Upstream.Raw("data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: [DONE]\n\n", "text/event-stream"));
        var body = $$"""{"model":"gpt-4o-mini","temperature":0,"stream":true,"messages":[{"role":"user","content":"{{marker}}"}]}""";

        await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);
        await Api.PostAsync("/v1/chat/completions", body, person.ApiKey);

        AssertAsked(marker, 2);
        Assert.That(await KeptAsync(person), Is.Empty);
    }

    [Test]
    public async Task Embeddings_WhenAskedAgain_AreAHit()
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        var body = $$"""{"model":"text-embedding-3-small","input":["{{marker}}"]}""";

        var first = await Api.PostAsync("/v1/embeddings", body, person.ApiKey);
        var second = await Api.PostAsync("/v1/embeddings", body, person.ApiKey);

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Text);
        Assert.That((second.Text, Header(second, "X-AiPlatform-Cache")), Is.EqualTo((first.Text, "hit")));
        AssertAsked(marker, 1);
    }

    [Test]
    public async Task Call_WhenTheProviderFails_LeavesNothing()
    {
        var person = await CachingPersonAsync();
        var marker = Mark(Upstream.Status(400));

        var answer = await AskAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await KeptAsync(person), Is.Empty);
    }

    [Test]
    public async Task Answer_WhenItIsLargerThanIsKept_IsAskedForAnew()
    {
        var person = await CachingPersonAsync();
        var marker = Mark(Upstream.Ok(new string('x', 257 * 1024)));

        var (first, second) = (await AskAsync(person, marker), await AskAsync(person, marker));

        Assert.That((first.Status, Header(second, "X-AiPlatform-Cache")), Is.EqualTo((HttpStatusCode.OK, "miss")));
        Assert.That(await KeptAsync(person), Is.Empty);
    }

    [TestCase("no-store", 2, "hit")]
    [TestCase("no-cache", 2, "hit")]
    public async Task CacheControl_WhenTheClientWantsAFreshAnswer_AsksTheModel(string directive, int asked, string afterwards)
    {
        var person = await CachingPersonAsync();
        var marker = Mark();
        await AskAsync(person, marker);

        var fresh = await AskAsync(person, marker, ("Cache-Control", directive));

        Assert.That(Header(fresh, "X-AiPlatform-Cache"), Is.Not.EqualTo("hit"));
        AssertAsked(marker, asked);
        Assert.That(Header(await AskAsync(person, marker), "X-AiPlatform-Cache"), Is.EqualTo(afterwards));
        var kept = (await KeptAsync(person)).Single();
        Assert.That(kept.RequestId == fresh.RequestId(), Is.EqualTo(directive == "no-cache"), "no-cache keeps the fresh answer, no-store nothing");
    }

    [Test]
    public async Task Misses_WhenTwoRunAtOnce_AreBothAnsweredAndPaid()
    {
        var person = await CachingPersonAsync();
        var arrived = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var marker = Mark(async (http, request) =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }

            await both.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await Upstream.Ok()(http, request);
        });

        var answers = await Task.WhenAll(AskAsync(person, marker), AskAsync(person, marker));

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(answers.Select(answer => Header(answer, "X-AiPlatform-Cost")), Has.All.EqualTo("credits=1"));
        Assert.That(await KeptAsync(person), Has.Count.EqualTo(1));
        Assert.That(Header(await AskAsync(person, marker), "X-AiPlatform-Cache"), Is.EqualTo("hit"));
    }

    private static string? Header(Answer answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private string Mark(UpstreamBehavior? behavior = null, string text = "")
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior ?? Upstream.Ok());
        return marker + text;
    }

    private void AssertAsked(string marker, int times) => Assert.That(_platform.Upstream.RequestsWith(marker), Has.Count.EqualTo(times));

    private async Task<Person> CachingPersonAsync(int seconds = 3600)
    {
        var person = await Api.UserAsync();
        await SwitchOnAsync(await _platform.KeyOfAsync(person), seconds);
        return person;
    }

    private async Task SwitchOnAsync(Guid keyId, int seconds)
    {
        var answer = await _platform.ChangeAsync(
            HttpMethod.Put, "/admin/caching", new JsonObject { ["api_key_id"] = keyId.ToString(), ["lifetime_seconds"] = seconds });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    private async Task<Answer> AskAsync(Person person, string text, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = new StringContent(
            $$"""{"model":"gpt-4o-mini","temperature":0,"max_tokens":60,"messages":[{"role":"user","content":"{{text}}"}]}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("API-Key", person.ApiKey);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Api.SendAsync(request);
    }

    private Task<List<CachedAnswer>> KeptAsync(Person person) => _platform.Platform.QueryAsync(
        db => db.Set<CachedAnswer>().AsNoTracking().Where(answer => answer.UserId == person.Id).ToListAsync());
}
