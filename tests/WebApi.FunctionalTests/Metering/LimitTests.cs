using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Content;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>The limits of every meter, on the routes that exist. The tests share a platform and its clock, so they run one after another.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class LimitTests(DatabaseProvider database)
{
    private SpendingPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [TestCase("user")]
    [TestCase("api_key")]
    [TestCase("team")]
    public async Task RequestsPerMinute_WhenUsedUp_Is429UntilTheNextMinute(string ownerKind)
    {
        var person = await _platform.UserAsync();
        var owner = await OwnerAsync(ownerKind, person);
        await _platform.SetLimitAsync(ownerKind, owner, "requests_per_minute", 2);
        var served = new[] { await _platform.AskAsync(person), await _platform.AskAsync(person) };

        var refused = await _platform.AskAsync(person);
        _platform.Platform.Clock.Set(SpendingPlatform.Start.AddSeconds(56));
        var later = await _platform.AskAsync(person);

        Assert.That(served.Append(later).Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        refused.AssertRefused(
            HttpStatusCode.TooManyRequests,
            "Too Many Requests",
            $"This {NameOf(ownerKind)} may make 2 requests a minute. Try again when the minute is over.");
        Assert.That(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(30, 55));
        Assert.That(Header(refused, "X-RateLimit-Limit"), Is.EqualTo("2"));
        Assert.That(Header(refused, "X-RateLimit-Remaining"), Is.EqualTo("0"));
        Assert.That(
            Header(refused, "X-RateLimit-Reset"),
            Is.EqualTo(new DateTimeOffset(2025, 3, 12, 12, 1, 0, TimeSpan.Zero).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [TestCase("user")]
    [TestCase("api_key")]
    [TestCase("team")]
    public async Task Conversations_WhenUsedUp_Are402UntilMidnightOfThePlatformsZone(string ownerKind)
    {
        var person = await _platform.UserAsync();
        var owner = await OwnerAsync(ownerKind, person);
        await _platform.SetLimitAsync(ownerKind, owner, "conversations", 1);
        var served = await _platform.AskAsync(person);

        var refused = await _platform.AskAsync(person);
        _platform.Platform.Clock.Set(new DateTimeOffset(2025, 3, 12, 21, 59, 30, TimeSpan.Zero));
        var lateTheSameDay = await _platform.AskAsync(await AgainAsync(person));
        _platform.Platform.Clock.Set(new DateTimeOffset(2025, 3, 12, 22, 0, 1, TimeSpan.Zero));
        var nextDay = await _platform.AskAsync(await AgainAsync(person));

        Assert.That((served.Status, nextDay.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), nextDay.Text);
        Assert.That(lateTheSameDay.Status, Is.EqualTo(HttpStatusCode.PaymentRequired));
        refused.AssertRefused(
            HttpStatusCode.PaymentRequired,
            "Conversation Limit Reached",
            $"The conversations of this {NameOf(ownerKind)} are used up. There are 1 a day; they renew at 2025-03-13T00:00:00+02:00.");
    }

    [TestCase("user")]
    [TestCase("api_key")]
    [TestCase("team")]
    public async Task Tokens_WhenACallCouldTakeMoreThanAreLeft_AskForAShorterAnswerAndThenRefuse(string ownerKind)
    {
        var person = await _platform.UserAsync();
        var owner = await OwnerAsync(ownerKind, person);
        var prompt = PromptTokens("Hello");
        await _platform.SetLimitAsync(ownerKind, owner, "tokens", 300);

        var marker = $"Hello {Unique.Id():N}";
        prompt = PromptTokens(marker);
        var served = await _platform.AskAsync(person, marker);
        var refused = await _platform.AskAsync(person);
        _platform.Platform.Clock.Set(new DateTimeOffset(2025, 3, 31, 22, 0, 1, TimeSpan.Zero));
        var nextMonth = await _platform.AskAsync(await AgainAsync(person));

        Assert.That((served.Status, nextMonth.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), served.Text + nextMonth.Text);
        Assert.That(MaxTokensOf(marker), Is.EqualTo(300 - prompt));
        refused.AssertRefused(
            HttpStatusCode.PaymentRequired,
            "Token Limit Reached",
            $"What is left of the tokens of this {NameOf(ownerKind)} does not cover this call. There are 300 tokens a month; they renew at 2025-04-01T00:00:00+02:00.");
        Assert.That(await _platform.SpentAsync(ownerKind, owner, "tokens"), Is.EqualTo(209), "125 + 84, as the upstream counts in April");
    }

    [Test]
    public async Task TokensPerMinute_WhenUsedUp_Is429UntilTheNextMinute()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "tokens_per_minute", 300);
        var served = await _platform.AskAsync(person);

        var refused = await _platform.AskAsync(person);
        _platform.Platform.Clock.Set(SpendingPlatform.Start.AddSeconds(56));
        var later = await _platform.AskAsync(person);

        Assert.That((served.Status, later.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        refused.AssertRefused(
            HttpStatusCode.TooManyRequests, "Too Many Requests", "This account may use 300 tokens a minute. Try again when the minute is over.");
        Assert.That(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(30, 55));
    }

    [Test]
    public async Task TokensPerMinute_WhenAPromptExceedsAnyMinute_Is429ThatNoWaitingHelps()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "tokens_per_minute", 300);

        var refused = await _platform.AskAsync(person, new string('x', 400));

        refused.AssertRefused(
            HttpStatusCode.TooManyRequests,
            "Too Many Requests",
            "This account may use 300 tokens a minute, and the prompt alone can take more. Send a shorter prompt.");
        Assert.That(refused.Headers.RetryAfter, Is.Null);
    }

    [Test]
    public async Task Limit_WhenItIsZero_RefusesEveryCall()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("api_key", await _platform.KeyOfAsync(person), "key_budget", 0);

        Assert.That((await _platform.AskAsync(person)).Status, Is.EqualTo(HttpStatusCode.PaymentRequired));
    }

    [Test]
    public async Task Limit_WhenRemoved_BindsNoLonger()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "conversations", 0);
        var refused = await _platform.AskAsync(person);

        var removed = await _platform.ChangeAsync(
            HttpMethod.Delete, "/admin/ledger/limits", SpendingPlatform.Owner("user", person.Id, ("meter", "conversations")));
        var served = await _platform.AskAsync(person);
        var again = await _platform.ChangeAsync(
            HttpMethod.Delete, "/admin/ledger/limits", SpendingPlatform.Owner("user", person.Id, ("meter", "conversations")));

        Assert.That((refused.Status, served.Status), Is.EqualTo((HttpStatusCode.PaymentRequired, HttpStatusCode.OK)));
        Assert.That(removed["message"]!.GetValue<string>(), Is.EqualTo("Limit removed successfully"));
        again.AssertRefused(HttpStatusCode.NotFound, "Not Found", "The owner has no limit on this meter");
    }

    [Test]
    public async Task Limit_WhenLoweredBelowWhatIsSpent_StopsAtOnceAndRaisingItGoesOn()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "conversations", 5);
        await _platform.AskAsync(person);
        await _platform.AskAsync(person);

        var lowered = await _platform.SetLimitAsync("user", person.Id, "conversations", 1);
        var refused = await _platform.AskAsync(person);
        var raised = await _platform.SetLimitAsync("user", person.Id, "conversations", 3);
        var served = await _platform.AskAsync(person);
        var last = await _platform.AskAsync(person);

        Assert.That(Standing(lowered), Is.EqualTo((2L, 2L, 0L)), "what is spent stays granted");
        Assert.That(Standing(raised), Is.EqualTo((3L, 2L, 1L)));
        Assert.That(
            new[] { refused.Status, served.Status, last.Status },
            Is.EqualTo(new[] { HttpStatusCode.PaymentRequired, HttpStatusCode.OK, HttpStatusCode.PaymentRequired }));
        var entry = (await _platform.EntriesAsync(lowered.RequestId())).Single().Entry;
        Assert.That((entry.Kind, entry.GrantedDelta, entry.Reason), Is.EqualTo((EntryKind.Adjust, -3L, "the limit was changed")));
        Assert.That(entry.ActorId, Is.Not.Null);
    }

    [Test]
    public async Task Limit_WhenLoweredWhileACallHoldsFunds_IsNotExceededOnceTheHoldIsGivenBack()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "tokens", 10_000);
        var marker = $"slow-{Unique.Id():N}";
        var goOn = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _platform.Upstream.When(marker, async (http, _) =>
        {
            asked.TrySetResult();
            await goOn.Task;
            http.Abort();
        });
        var slow = _platform.AskAsync(person, marker, maxTokens: 8_000);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await _platform.SetLimitAsync("user", person.Id, "tokens", 500);
        goOn.SetResult();
        var failed = await slow;
        var second = $"after {Unique.Id():N}";
        await _platform.AskAsync(person, second);

        Assert.That(failed.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(MaxTokensOf(second), Is.EqualTo(500 - PromptTokens(second)));
        Assert.That((await _platform.AccountAsync("user", person.Id, "tokens"))["available"]!.GetValue<long>(), Is.EqualTo(500 - 209));
    }

    [Test]
    public async Task Calls_WhenFiftyCompeteForSevenOfOneAccountOfFour_AreServedSevenTimesAndTakeOfAllOfThemOrOfNone()
    {
        var person = await _platform.UserAsync();
        var (key, team) = (await _platform.KeyOfAsync(person), await _platform.TeamOfAsync(person));
        await _platform.SetLimitAsync("api_key", key, "key_budget", 1_000_000_000_000);
        await _platform.SetLimitAsync("user", person.Id, "requests_per_minute", 1_000);
        await _platform.SetLimitAsync("team", team, "conversations", 7);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _platform.AskAsync(person)));

        var served = answers.Where(answer => answer.Status is HttpStatusCode.OK).ToList();
        Assert.That(served, Has.Count.EqualTo(7));
        Assert.That(
            answers.Except(served).Select(answer => (answer.Status, answer["error"]!.GetValue<string>())),
            Has.All.EqualTo((HttpStatusCode.PaymentRequired, "Conversation Limit Reached")));
        Assert.That(await _platform.SpentAsync("team", team, "conversations"), Is.EqualTo(7));
        Assert.That(await _platform.SpentAsync("user", person.Id, "requests_per_minute"), Is.EqualTo(7));
        Assert.That(await _platform.SpentAsync("user", person.Id, "credits"), Is.EqualTo(MeterUnits.FromCredits(7)));
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo(7 * ((125 * 150) + (84 * 600))));
        Assert.That(
            (await _platform.StandingAsync("user", person.Id))["accounts"]!.AsArray().Select(account => account!["held"]!.GetValue<long>()),
            Has.All.Zero);
        await Money.AssertBooksBalanceAsync(_platform.Platform);
    }

    [Test]
    public async Task Refusal_WhenSeveralAccountsLackFunds_NamesTheKeysBeforeTheUsersAndTheTeams()
    {
        var person = await _platform.UserAsync();
        var (key, team) = (await _platform.KeyOfAsync(person), await _platform.TeamOfAsync(person));
        await _platform.SetLimitAsync("team", team, "conversations", 0);
        var byTeam = await _platform.AskAsync(person);
        await _platform.SetLimitAsync("user", person.Id, "conversations", 0);
        var byUser = await _platform.AskAsync(person);
        await _platform.SetLimitAsync("api_key", key, "conversations", 0);
        var byKey = await _platform.AskAsync(person);

        Assert.That(
            new[] { byTeam, byUser, byKey }.Select(answer => answer["message"]!.GetValue<string>().Split('.')[0]),
            Is.EqualTo(new[]
            {
                "The conversations of this team are used up",
                "The conversations of this account are used up",
                "The conversations of this API key are used up",
            }));
    }

    [Test]
    public async Task Team_WhenAMemberLeaves_BindsThemNoLonger()
    {
        var (first, second) = (await _platform.UserAsync(), await _platform.UserAsync());
        var team = await _platform.TeamOfAsync(first, second);
        await _platform.SetLimitAsync("team", team, "conversations", 1);
        await _platform.AskAsync(first);
        var refused = await _platform.AskAsync(second);

        var left = await _platform.Api.AdministerAsync("/admin/assign-team", ("user_id", second.Id.ToString()), ("team_id", string.Empty));
        var served = await _platform.AskAsync(second);

        Assert.That(left["team_id"], Is.Null);
        Assert.That((refused.Status, served.Status), Is.EqualTo((HttpStatusCode.PaymentRequired, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Calls_WhenTheProviderFails_GiveBackWhatTheyHeldOnEveryAccount()
    {
        var person = await _platform.UserAsync();
        var key = await _platform.KeyOfAsync(person);
        await _platform.SetLimitAsync("api_key", key, "key_budget", 1_000_000_000);
        await _platform.SetLimitAsync("user", person.Id, "conversations", 5);
        var marker = $"fail-{Unique.Id():N}";
        _platform.Upstream.When(marker, Upstream.Status(500));

        var answer = await _platform.AskAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        var entries = await _platform.EntriesAsync(answer.RequestId());
        Assert.That(
            entries.Where(entry => entry.Entry.Kind is EntryKind.Release).Select(entry => entry.Meter),
            Is.EquivalentTo(new[] { Meter.KeyBudget, Meter.Conversations, Meter.Credits }));
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.Zero);
    }

    [Test]
    public async Task Calls_WhenNothingLimitsTheCaller_ReadNoLimits()
    {
        var person = await _platform.UserAsync();
        await _platform.AskAsync(person);
        var before = Reads();

        for (var call = 0; call < 20; call++)
        {
            await _platform.AskAsync(person);
        }

        Assert.That(Reads() - before, Is.Zero);
    }

    [Test]
    public async Task Limit_WhenAnotherProcessSetsIt_BindsWithinASecond()
    {
        var person = await _platform.UserAsync();
        var before = await _platform.AskAsync(person);
        await _platform.Platform.QueryAsync(async db =>
        {
            var now = _platform.Platform.Clock.GetUtcNow();
            db.Add(new SpendingLimit(OwnerKind.User, person.Id, Meter.Conversations, 0, person.Id, now));
            return await db.SaveChangesAsync();
        });
        await Task.Delay(TimeSpan.FromSeconds(1.1));

        var after = await _platform.AskAsync(person);

        Assert.That((before.Status, after.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.PaymentRequired)));
    }

    [Test]
    public async Task DocumentQuestion_WhenTokensAreLimited_HoldsMoreThanThePromptThatIsSentAndPaysWhatIsCounted()
    {
        var person = await _platform.UserAsync();
        await _platform.SetLimitAsync("user", person.Id, "tokens", 1_000_000);
        var passage = string.Concat(Enumerable.Repeat("‹«Jährlicher Urlaub: 21 Tage – mit <<<Zeichen>>>» ", 80));
        var file = await _platform.Api.FileAsync(await _platform.Api.TokenAsync(), "urlaub.txt", System.Text.Encoding.UTF8.GetBytes(passage));
        await _platform.Api.IndexAsync(file);
        var question = $"Wie viele Tage Urlaub? {Unique.Id():N}";

        var answer = await _platform.Api.PostAsync("/rag/query", new { query = question }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var sent = _platform.Upstream.RequestsWith(question).Single(request => request.Path.EndsWith("completions", StringComparison.Ordinal));
        var messages = sent.Json["messages"]!.AsArray();
        var bytes = messages.Sum(message => System.Text.Encoding.UTF8.GetByteCount(message!["content"]!.GetValue<string>()));
        var held = (await _platform.EntriesAsync(answer.RequestId())).Single(entry => entry.Meter is Meter.Tokens && entry.Entry.Kind is EntryKind.Hold);
        Assert.That(bytes, Is.GreaterThan(3_000));
        Assert.That(held.Entry.HeldDelta - sent.Json["max_tokens"]!.GetValue<int>(), Is.GreaterThanOrEqualTo(bytes + (16 * (messages.Count + 1))));
        Assert.That(await _platform.SpentAsync("user", person.Id, "tokens"), Is.EqualTo(209));
    }

    private int Reads() =>
        _platform.Platform.Log.Text.Split("Executed DbCommand").Count(command => command.Contains("FROM spending_limits", StringComparison.Ordinal)
            || command.Contains("FROM \"spending_limits\"", StringComparison.Ordinal));

    private async Task<Guid> OwnerAsync(string kind, Person person) => kind switch
    {
        "user" => person.Id,
        "api_key" => await _platform.KeyOfAsync(person),
        _ => await _platform.TeamOfAsync(person),
    };

    private async Task<Person> AgainAsync(Person person) => person with { Token = await _platform.Api.TokenAsync(person.ApiKey) };

    private int MaxTokensOf(string marker) => _platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>();

    /// <summary>Bytes of the two messages of the route, 16 for each of them and 16 for both together.</summary>
    internal static int PromptTokens(string input) =>
        "You are a helpful AI assistant".Length + "Provided text: ".Length + System.Text.Encoding.UTF8.GetByteCount(input) + (3 * 16);

    private static string NameOf(string ownerKind) => ownerKind switch
    {
        "user" => "account",
        "api_key" => "API key",
        _ => "team",
    };

    private static string Header(Answer answer, string name) => answer.Headers.GetValues(name).Single();

    private static (long Granted, long Spent, long Available) Standing(Answer account) =>
        (account["granted"]!.GetValue<long>(), account["spent"]!.GetValue<long>(), account["available"]!.GetValue<long>());
}
