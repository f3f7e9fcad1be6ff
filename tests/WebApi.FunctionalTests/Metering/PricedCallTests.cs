using System.Net;
using System.Text;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>
/// What calls cost budgets and wallets, to the nano-dollar. The amounts are computed here, from the list prices as an invoice
/// would: GPT-4o mini 0.15 USD a million tokens of the prompt, 0.075 cached, 0.60 of the answer.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class PricedCallTests(DatabaseProvider database)
{
    private const long Input = 150;
    private const long Cached = 75;
    private const long Output = 600;
    private const long Dollar = 1_000_000_000;

    private SpendingPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [Test]
    public async Task KeyBudget_WhenATokenThatWasIssuedToTheKeyIsUsed_PaysWhatTheProviderCounted()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);

        var text = $"{Unique.Id():N} {new string('x', 1_000)}";

        var answer = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(1_000, 50, cached: 200)), text, maxTokens: 100);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo((800 * Input) + (200 * Cached) + (50 * Output)));
    }

    [Test]
    public async Task Usage_WhenAModelAnswers_IsRecordedWithTheCharge()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);

        var answer = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(1_000, 50, cached: 200)), $"{Unique.Id():N} {new string('x', 1_000)}", maxTokens: 100);

        var id = answer.RequestId();
        var usage = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().SingleAsync(row => row.RequestId == id));
        Assert.That((usage.UserId, usage.ApiKeyId, usage.RouteKey), Is.EqualTo((person.Id, (Guid?)key, "llm.gpt-4o-mini")));
        Assert.That((usage.Model, usage.Provider), Is.EqualTo(("gpt-4o-mini", "OpenAI")));
        Assert.That((usage.PromptTokens, usage.CachedTokens, usage.AnswerTokens, usage.Images), Is.EqualTo((1_000L, 200L, 50L, 0)));
    }

    [Test]
    public async Task Usage_WhenTheProviderFails_IsNotRecorded()
    {
        var (person, _) = await PersonWithBudgetAsync(Dollar);

        var answer = await AskAsync(person, Upstream.Status(400), $"{Unique.Id():N}", maxTokens: 100);

        var id = answer.RequestId();
        Assert.That(answer.Status, Is.Not.EqualTo(HttpStatusCode.OK));
        Assert.That(await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AnyAsync(row => row.RequestId == id)), Is.False);
    }

    [Test]
    public async Task Charge_WhenCaptured_RecordsThePriceVersionOfEveryPart()
    {
        var (person, _) = await PersonWithBudgetAsync(Dollar);

        var answer = await AskAsync(person, Upstream.Ok(), maxTokens: 100);

        var prices = (await _platform.Api.GetAsync("/admin/ledger/prices?model=gpt-4o-mini", TestPlatform.AdminKey))["prices"]!.AsArray();
        var model = prices.Single()!["price_version_id"]!.GetValue<Guid>();
        var entries = await _platform.EntriesAsync(answer.RequestId());
        Assert.That(
            entries.Where(entry => entry.Meter is Meter.KeyBudget && entry.Entry.HoldId is not null).Select(entry => entry.Entry.PriceVersionId),
            Is.EqualTo(new Guid?[] { model, model }), "the hold and the capture");
        Assert.That(
            entries.Where(entry => entry.Meter is Meter.Credits && entry.Entry.HoldId is not null).Select(entry => entry.Entry.PriceVersionId),
            Has.All.Not.EqualTo((Guid?)model));
    }

    [Test]
    public async Task Hold_WhenTheAnswerIsLimited_IsThePromptInBytesAndTheAnswerInFull()
    {
        var (person, _) = await PersonWithBudgetAsync(Dollar);
        var marker = $"héllo wörld {Unique.Id():N}";

        var answer = await _platform.AskAsync(person, marker, maxTokens: 100);

        var hold = (await _platform.EntriesAsync(answer.RequestId())).Single(entry => entry.Meter is Meter.KeyBudget && entry.Entry.Kind is EntryKind.Hold);
        Assert.That(hold.Entry.HeldDelta, Is.EqualTo((LimitTests.PromptTokens(marker) * Input) + (100 * Output)));
        Assert.That(MaxTokensOf(marker), Is.EqualTo(100));
    }

    [TestCase(null, 16_384)]
    [TestCase(8_192, 8_192)]
    public async Task MaxTokens_WhenTheBudgetPaysForAll_IsWhatIsAskedForOrWhatTheModelWrites(int? asked, int sent)
    {
        var (person, _) = await PersonWithBudgetAsync(1_000 * Dollar);
        var marker = $"rich {Unique.Id():N}";

        await _platform.AskAsync(person, marker, maxTokens: asked);

        Assert.That(MaxTokensOf(marker), Is.EqualTo(sent));
    }

    [Test]
    public async Task MaxTokens_WhenTheBudgetPaysForLess_IsClampedToWhatItPays()
    {
        const long budget = 100_000;
        var (person, key) = await PersonWithBudgetAsync(budget);
        var marker = $"poor {Unique.Id():N}";
        var affordable = (budget - (LimitTests.PromptTokens(marker) * Input)) / Output;

        var answer = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(60, (int)affordable)), marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(MaxTokensOf(marker), Is.EqualTo(affordable));
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo((60 * Input) + (affordable * Output)));
    }

    [Test]
    public async Task MaxTokens_WhenNothingIsPriced_StaysAsTheRouteDocuments()
    {
        var person = await _platform.UserAsync();
        var marker = $"plain {Unique.Id():N}";

        await _platform.AskAsync(person, marker);

        Assert.That(_platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"], Is.Null);
    }

    [Test]
    public async Task Budget_WhenItPaysForNoAnswer_Is402AndTheProviderIsNotAsked()
    {
        var (person, key) = await PersonWithBudgetAsync(20_000);
        var marker = $"broke {Unique.Id():N}";

        var refused = await _platform.AskAsync(person, marker);

        refused.AssertRefused(
            HttpStatusCode.PaymentRequired,
            "Budget Reached",
            "What is left of the budget of this API key does not cover this call. It is 0.00002 USD a month and renews at 2025-04-01T00:00:00+02:00.");
        Assert.That(_platform.Upstream.RequestsWith(marker), Is.Empty);
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.Zero);
    }

    [Test]
    public async Task Budget_WhenTheMonthTurns_Renews()
    {
        var (person, key) = await PersonWithBudgetAsync(100_000);
        var march = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(100, 100)));
        var refused = await AskAsync(person, Upstream.Ok());

        _platform.Platform.Clock.Set(new DateTimeOffset(2025, 3, 31, 22, 0, 1, TimeSpan.Zero));
        var april = await AskAsync(person with { Token = await _platform.Api.TokenAsync(person.ApiKey) }, Upstream.Ok(usage: Upstream.Usage(10, 10)));

        Assert.That(
            new[] { march.Status, refused.Status, april.Status },
            Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.PaymentRequired, HttpStatusCode.OK }));
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo((10 * Input) + (10 * Output)));
    }

    [Test]
    public async Task Overrun_WhenTheProviderCountsMoreThanWasHeld_IsBorneByThePlatform()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);
        var marker = $"overrun {Unique.Id():N}";

        var answer = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(5_000, 9_000)), marker, maxTokens: 20);

        var held = (LimitTests.PromptTokens(marker) * Input) + (20 * Output);
        var lost = await _platform.Platform.QueryAsync(db => db.Set<PlatformLoss>().AsNoTracking()
            .Where(loss => loss.RequestId == answer.RequestId()).Select(loss => new { loss.Meter, loss.Amount }).ToListAsync());
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo(held));
        Assert.That(lost.Single().Meter, Is.EqualTo(Meter.KeyBudget));
        Assert.That(lost.Single().Amount, Is.EqualTo((5_000 * Input) + (9_000 * Output) - held));
    }

    [Test]
    public async Task Usage_WhenTheProviderReportsNone_IsCountedInBytes()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);
        const string text = "Zwölf Boxkämpfer";
        var marker = $"silent {Unique.Id():N}";

        await AskAsync(person, Upstream.Ok(text, usage: []), marker, maxTokens: 100);

        Assert.That(
            await _platform.SpentAsync("api_key", key, "key_budget"),
            Is.EqualTo((LimitTests.PromptTokens(marker) * Input) + (Encoding.UTF8.GetByteCount(text) * Output)));
    }

    [Test]
    public async Task Model_WhenItHasNoPrice_IsRefusedForABudgetUntilOneIsSet()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);
        var poor = await _platform.UserAsync();
        var unpriced = await _platform.AskAsync(person, path: "/llm/llama");
        var withCredits = await _platform.AskAsync(poor, path: "/llm/llama");

        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["model"] = "Llama-3.1-405B",
            ["input_per_million"] = 3,
            ["answer_per_million"] = 7,
            ["source"] = "A test's contract",
        };
        var set = await _platform.ChangeAsync(HttpMethod.Post, "/admin/ledger/prices", body);
        var priced = await _platform.AskAsync(person, path: "/llm/llama");

        Assert.That(unpriced.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            (unpriced["response"]!.GetValue<string>(), unpriced["message"]!.GetValue<string>()),
            Is.EqualTo(("400", "Model llama-3.1-405b has no price, so that it cannot be paid from a budget or a wallet. Use another model, or ask an administrator to set its price")));
        Assert.That((withCredits.Status, set.Status, priced.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.OK)), set.Text + priced.Text);
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo(1), "125 × 3 + 84 × 7 millionths, rounded up");
    }

    [Test]
    public async Task Price_WhenItsTimeHasNotCome_DoesNotApplyYet()
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);
        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["model"] = "o1-mini",
            ["input_per_million"] = 10 * Dollar,
            ["answer_per_million"] = 20 * Dollar,
            ["effective_from"] = "2025-03-12T13:00:00Z",
            ["source"] = "A test's contract",
        };
        await _platform.ChangeAsync(HttpMethod.Post, "/admin/ledger/prices", body);
        await _platform.AskAsync(person, new string('x', 100), "/llm/o1-mini", maxTokens: 100);
        var before = await _platform.SpentAsync("api_key", key, "key_budget");

        _platform.Platform.Clock.Set(new DateTimeOffset(2025, 3, 12, 13, 0, 1, TimeSpan.Zero));
        await _platform.AskAsync(person with { Token = await _platform.Api.TokenAsync(person.ApiKey) }, new string('x', 100), "/llm/o1-mini", maxTokens: 100);

        Assert.That(before, Is.EqualTo((125 * 1_100) + (84 * 4_400)));
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget") - before, Is.EqualTo((125 * 10_000) + (84 * 20_000)));
    }

    [TestCase("1024x1024", "standard", 40_000_000)]
    [TestCase("1792x1024", "standard", 80_000_000)]
    [TestCase("1024x1024", "hd", 80_000_000)]
    [TestCase("1024x1792", "hd", 120_000_000)]
    public async Task Image_WhenItIsMade_CostsWhatItsSizeAndQualityDo(string size, string quality, long cost)
    {
        var (person, key) = await PersonWithBudgetAsync(Dollar);

        var answer = await _platform.Api.PostAsync(
            "/image-generation/dalle3", new { prompt = "A lighthouse", size, quality }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.SpentAsync("api_key", key, "key_budget"), Is.EqualTo(cost));
    }

    [Test]
    public async Task Wallet_WhenItAlonePays_PaysTheModelsPriceAndNoCredits()
    {
        var person = await _platform.UserAsync();
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);

        var answer = await AskAsync(person, Upstream.Ok(usage: Upstream.Usage(40, 10)), maxTokens: 100);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo((40 * Input) + (10 * Output)));
        Assert.That((await _platform.Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }

    [Test]
    public async Task Wallet_WhenItIsEmpty_Is402()
    {
        var person = await _platform.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: true, wallet: true);

        (await _platform.AskAsync(person)).AssertRefused(
            HttpStatusCode.PaymentRequired,
            "Insufficient Wallet Balance",
            "Your wallet does not cover this call. Add funds, or ask for a shorter answer.");
    }

    [Test]
    public async Task Funding_WhenTheKeyHasItsOwnRule_GoesBeforeTheUsers()
    {
        var person = await _platform.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.FundAsync("api_key", await _platform.KeyOfAsync(person), credits: true, wallet: false);

        Assert.That((await _platform.AskAsync(person)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task TeamBudget_WhenTwoMembersSpend_IsOne()
    {
        var (first, second) = (await _platform.UserAsync(), await _platform.UserAsync());
        var team = await _platform.TeamOfAsync(first, second);
        await _platform.SetLimitAsync("team", team, "team_budget", Dollar);

        await AskAsync(first, Upstream.Ok(usage: Upstream.Usage(10, 1)), maxTokens: 50);
        await AskAsync(second, Upstream.Ok(usage: Upstream.Usage(20, 2)), maxTokens: 50);

        Assert.That(await _platform.SpentAsync("team", team, "team_budget"), Is.EqualTo((30 * Input) + (3 * Output)));
    }

    [Test]
    public async Task Budget_WhenFiftyCallsCompete_IsNeverExceeded()
    {
        var (person, key) = await PersonWithBudgetAsync(1_000_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            AskAsync(person, Upstream.Ok(usage: Upstream.Usage(100, 100)), maxTokens: 100)));

        var served = answers.Count(answer => answer.Status is HttpStatusCode.OK);
        var spent = await _platform.SpentAsync("api_key", key, "key_budget");
        var requests = answers.Select(answer => answer.RequestId()).ToList();
        var lost = await _platform.Platform.QueryAsync(db =>
            db.Set<PlatformLoss>().Where(loss => requests.Contains(loss.RequestId)).SumAsync(loss => loss.Amount));
        Assert.That(spent, Is.LessThanOrEqualTo(1_000_000));
        Assert.That(spent + lost, Is.EqualTo(served * ((100 * Input) + (100 * Output))), "the last calls were paid for in part");
        Assert.That(served, Is.InRange(5, 14));
        await Money.AssertBooksBalanceAsync(_platform.Platform);
    }

    private async Task<(Person Person, Guid Key)> PersonWithBudgetAsync(long budget)
    {
        var person = await _platform.UserAsync();
        var key = await _platform.KeyOfAsync(person);
        await _platform.SetLimitAsync("api_key", key, "key_budget", budget);
        return (person, key);
    }

    private Task<Answer> AskAsync(Person person, UpstreamBehavior behavior, string? marker = null, int? maxTokens = null)
    {
        marker ??= $"marked {Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return _platform.AskAsync(person, marker, maxTokens: maxTokens);
    }

    private int MaxTokensOf(string marker) => _platform.Upstream.RequestsWith(marker).Single().Json["max_tokens"]!.GetValue<int>();
}
