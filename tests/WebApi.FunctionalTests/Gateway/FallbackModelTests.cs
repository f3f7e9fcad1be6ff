using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Models that stand in for the one that was chosen: when they are asked, what they cost, and what the ledger says of it.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class FallbackModelTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;
    private const string Chosen = "gpt-5-nano";

    // The hold covers what the upstream counts.
    private static readonly string Padding = new('x', 1_000);

    // The provider does not know the model: no outage, which would be tried again and open the route's circuit for other tests.
    private static readonly UpstreamBehavior Failure = Upstream.Status(404);

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [SetUp]
    public void SetClock() => _platform.Platform.Clock.Set(SpendingPlatform.Start);

    [Test]
    public async Task Query_WhenTheChosenModelFails_IsAnsweredByTheNextAndPaidByItsPrice()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(FailingFor(Upstream.Status(503), Chosen));

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var second = AskedModels(marker)[^1];
        Assert.That(AskedModels(marker).Distinct(), Is.EqualTo(new[] { Chosen, second }));
        Assert.That(answer["model"]!.GetValue<string>(), Is.EqualTo(second));
        await AssertPaidAsync(person, answer, second, prompt: 1_000, written: 500);
        var price = await PriceAsync(second);
        Assert.That(answer["cost_cents"]!.GetValue<decimal>(), Is.EqualTo(price.CostOf(new ModelUsage(1_000, 0, 500)) / 10_000_000m));
        await Money.AssertBooksBalanceAsync(_platform.Platform);
    }

    [Test]
    public async Task Query_WhenTwoModelsFail_IsAnsweredByTheThird()
    {
        var person = await PersonAsync(Dollar);
        var failed = new HashSet<string>();
        var marker = Mark((http, request) =>
        {
            var model = request.Json["model"]!.GetValue<string>();
            var fails = failed.Contains(model) || failed.Count < 2;
            failed.Add(fails ? model : Chosen);
            return (fails ? Failure : Upstream.Ok(usage: Upstream.Usage(1_000, 500)))(http, request);
        });

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(AskedModels(marker).Distinct().Count(), Is.EqualTo(3));
        await AssertPaidAsync(person, answer, AskedModels(marker)[^1], prompt: 1_000, written: 500);
    }

    [Test]
    public async Task Query_WhenEveryCandidateFails_CostsNothing()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Failure);

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadGateway), answer.Text);
        Assert.That(AskedModels(marker).Distinct().Count(), Is.EqualTo(3));
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.Zero);
        Assert.That((await _platform.AccountAsync("user", person.Id, "wallet"))["held"]!.GetValue<long>(), Is.Zero);
    }

    [Test]
    public async Task Query_WhenTheChosenModelMayHaveAnswered_AsksNoOther()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Raw("no JSON"));

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadGateway), answer.Text);
        Assert.That(AskedModels(marker), Is.EqualTo(new[] { Chosen }));
    }

    [Test]
    public async Task Query_WhenTheWalletPaysTheChosenModelOnly_AsksNoOther()
    {
        // 1,024 tokens of the cheapest model's answer cost 409,600 nano-USD; the next cost more than twice as much.
        var person = await PersonAsync(500_000);
        var (good, bad) = (Mark(Upstream.Ok(usage: Upstream.Usage(10, 10))), Mark(Failure));

        var answered = await QueryAsync(person, good);
        var refused = await QueryAsync(person, bad);

        Assert.That(answered.Status, Is.EqualTo(HttpStatusCode.OK), answered.Text);
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadGateway), refused.Text);
        Assert.That(AskedModels(bad).Distinct(), Is.EqualTo(new[] { Chosen }));
        Assert.That(await CandidatesAsync(answered.RequestId()), Is.Empty);
    }

    [Test]
    public async Task Hold_WhenSeveralModelsMayAnswer_CoversTheDearestAndNamesThemAll()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Ok(usage: Upstream.Usage(1_000, 500)));

        var answer = await QueryAsync(person, marker);

        var candidates = await CandidatesAsync(answer.RequestId());
        Assert.That(candidates.Select(candidate => candidate.Position), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(candidates[0].Model, Is.EqualTo(Chosen));
        var held = (await _platform.EntriesAsync(answer.RequestId())).Single(row => row.Entry.Kind is EntryKind.Hold).Entry;
        foreach (var candidate in candidates)
        {
            var price = await PriceAsync(candidate.Model);
            Assert.That(candidate.PriceVersionId, Is.EqualTo(price.Id));
            Assert.That(held.HeldDelta, Is.GreaterThanOrEqualTo(price.CostOf(new ModelUsage(marker.Length, 0, 1_024))));
        }

        await AssertPaidAsync(person, answer, Chosen, prompt: 1_000, written: 500);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Auto_WhenTheChosenModelFails_IsAnsweredByTheNextAndPaidByItsPrice(bool streams)
    {
        var person = await PersonAsync(Dollar);
        await _platform.FundAsync("user", person.Id, credits: true, wallet: true);
        var good = streams
            ? Upstream.Raw(
                "data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n",
                "text/event-stream")
            : Upstream.Ok(usage: Upstream.Usage(40, 7));
        var marker = Mark(FailingFor(Failure, Chosen, good));

        var answer = await AutoAsync(person, marker, streams);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var second = AskedModels(marker)[^1];
        Assert.That(second, Is.Not.EqualTo(Chosen));
        Assert.That(answer.Headers.GetValues("X-AiPlatform-Model").Single(), Is.EqualTo(second));
        Assert.That(answer.Headers.GetValues("X-AiPlatform-Choice").Single(), Does.Contain($"candidates={Chosen},{second},"));
        Assert.That(_platform.Upstream.RequestsWith(marker).Select(request => request.Json.AsObject().ContainsKey("auto")), Has.All.False);
        await AssertPaidAsync(person, answer, second, prompt: 40, written: 7);
        var credits = (await _platform.EntriesAsync(answer.RequestId())).Single(row => row is { Meter: Meter.Credits, Entry.Kind: EntryKind.Capture }).Entry;
        Assert.That(credits.PriceVersionId, Is.Not.EqualTo((await PriceAsync(second)).Id), "credits are paid by the endpoint's price");
    }

    [Test]
    public async Task Auto_WhenTheRequestIsRefused_AsksNoOtherModel()
    {
        var person = await PersonAsync(Dollar);
        var marker = Mark(Upstream.Status(400));

        var answer = await AutoAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(AskedModels(marker), Is.EqualTo(new[] { Chosen }));
    }

    [Test]
    public async Task Auto_WhenCreditsPay_IsAnsweredByTheNextForThePriceOfTheRoute()
    {
        var person = await Api.UserAsync();
        var marker = Mark(FailingFor(Failure, Chosen));

        var answer = await AutoAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Headers.GetValues("X-AiPlatform-Cost").Single(), Is.EqualTo("credits=1"));
        Assert.That((await CandidatesAsync(answer.RequestId())).Select(candidate => candidate.PriceVersionId), Has.All.Null);
    }

    [Test]
    public async Task Answer_WhenAnotherModelThanTheChosenGaveIt_IsNotKeptForTheChosen()
    {
        var person = await PersonAsync(Dollar);
        var on = await _platform.ChangeAsync(HttpMethod.Put, "/admin/caching", new JsonObject
        {
            ["api_key_id"] = (await _platform.KeyOfAsync(person)).ToString(),
            ["lifetime_seconds"] = 3600,
        });
        Assert.That(on.Status, Is.EqualTo(HttpStatusCode.OK), on.Text);
        var marker = Mark(FailingFor(Failure, Chosen));

        await AutoAsync(person, marker);
        var second = await AutoAsync(person, marker);

        Assert.That(second.Headers.GetValues("X-AiPlatform-Cache").Single(), Is.EqualTo("miss"));
    }

    [Test]
    public async Task Hold_WhenItsProcessDies_IsDisputedWithTheModelsThatMayHaveBeenAsked()
    {
        var (first, second) = (await PriceAsync(Chosen), await PriceAsync("gpt-4o-mini"));
        var account = new AccountKey(OwnerKind.User, Unique.Id(), Meter.Wallet, Period.Always);
        var order = Money.Order(Unique.Id(), new HoldOrderLine(account, 1_000_000, 5_000) { PriceVersionId = first.Id }) with
        {
            Candidates = [new PricedCandidate(Chosen, first.Id), new PricedCandidate("gpt-4o-mini", second.Id)],
        };
        var holdId = (await Money.Ledger(_platform.Platform).PlaceHoldAsync(order, CancellationToken.None)).HoldId!.Value;

        _platform.Platform.Clock.Advance(TimeSpan.FromMinutes(20));
        await _platform.Platform.Services.GetRequiredService<IExpiredHolds>().ResolveAsync(CancellationToken.None);
        var admin = await Api.GetAsync($"/admin/ledger/disputes?user_id={account.OwnerId}", TestPlatform.AdminKey);

        var dispute = admin["holds"]!.AsArray().Single(hold => hold!["hold_id"]!.GetValue<Guid>() == holdId)!;
        Assert.That(dispute["state"]!.GetValue<string>(), Is.EqualTo("disputed"));
        Assert.That(
            dispute["candidates"]!.AsArray().Select(candidate => (candidate!["model"]!.GetValue<string>(), candidate["price_version_id"]!.GetValue<Guid>())),
            Is.EqualTo(new[] { (Chosen, first.Id), ("gpt-4o-mini", second.Id) }));
    }

    private static UpstreamBehavior FailingFor(UpstreamBehavior failure, string model, UpstreamBehavior? otherwise = null) => (http, request) =>
        (request.Json["model"]!.GetValue<string>() == model ? failure : otherwise ?? Upstream.Ok(usage: Upstream.Usage(1_000, 500)))(http, request);

    private async Task AssertPaidAsync(Person person, Answer answer, string model, long prompt, long written)
    {
        var price = await PriceAsync(model);
        var cost = price.CostOf(new ModelUsage(prompt, 0, written));
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        var paid = (await _platform.EntriesAsync(answer.RequestId())).Single(row => row is { Meter: Meter.Wallet, Entry.Kind: EntryKind.Capture }).Entry;
        Assert.That((paid.SpentDelta, paid.PriceVersionId), Is.EqualTo((cost, (Guid?)price.Id)));
        var usage = await _platform.Platform.QueryAsync(
            db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.RequestId == answer.RequestId()));
        Assert.That((usage.Model, usage.PromptTokens, usage.AnswerTokens), Is.EqualTo((model, prompt, written)));
        Assert.That(
            await _platform.Platform.QueryAsync(db => db.Set<PlatformLoss>().AnyAsync(loss => loss.RequestId == answer.RequestId())), Is.False);
    }

    private List<string> AskedModels(string marker) =>
        [.. _platform.Upstream.RequestsWith(marker).Select(request => request.Json["model"]!.GetValue<string>())];

    private Task<ModelPrice> PriceAsync(string model) => _platform.Platform.QueryAsync(db => db.Set<ModelPrice>().AsNoTracking()
        .Where(price => price.Model == model && price.EffectiveFrom <= SpendingPlatform.Start)
        .OrderByDescending(price => price.EffectiveFrom).FirstAsync());

    private Task<List<HoldCandidate>> CandidatesAsync(Guid requestId) => _platform.Platform.QueryAsync(db => db.Set<HoldCandidate>().AsNoTracking()
        .Where(candidate => db.Set<Hold>().Any(hold => hold.Id == candidate.HoldId && hold.RequestId == requestId))
        .OrderBy(candidate => candidate.Position).ToListAsync());

    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, behavior);
        return marker;
    }

    private async Task<Person> PersonAsync(long wallet)
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", wallet);
        return person;
    }

    private Task<Answer> QueryAsync(Person person, string query) => Api.PostAsync(
        "/query", $$$"""{"user_query":"{{{query}}}{{{Padding}}}","user_input":{"Cost":0}}""", person.ApiKey);

    private Task<Answer> AutoAsync(Person person, string text, bool streams = false) => Api.PostAsync(
        "/v1/chat/completions",
        $$"""{"model":"auto","auto":{"cost":0},"stream":{{(streams ? "true" : "false")}},"temperature":0,"max_tokens":600,"messages":[{"role":"user","content":"{{text}}{{Padding}}"}]} """,
        person.ApiKey);

}
