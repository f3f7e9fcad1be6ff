using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What a call costs whose price is set anew while its model answers: one number, wherever it is told.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class PriceChangeTests(DatabaseProvider database)
{
    private const long Dollar = 1_000_000_000;
    private const string CostName = "X-AiPlatform-Cost";

    // The hold covers what the upstream counts.
    private static readonly string Padding = new('x', 1_000);

    private SpendingPlatform _platform = null!;

    private Api Api => _platform.Api;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.StartAsync(database);

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [Test]
    public async Task Query_WhenThePriceChangesMeanwhile_TellsTheCostByThePriceOfItsHold()
    {
        var person = await PersonAsync();
        var marker = Mark(Upstream.Ok("Nile", Upstream.Usage(1_000, 500)));

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var cost = await CostByTheHoldAsync(person, answer.RequestId(), new ModelUsage(1_000, 0, 500));
        Assert.That(answer["cost_cents"]!.GetValue<decimal>() * 10_000_000, Is.EqualTo(cost));
        Assert.That(answer["wallet_balance"]!.GetValue<long>(), Is.EqualTo((Dollar - cost) / 10_000_000));
        Assert.That(CostIn(string.Concat(answer.Headers.GetValues(CostName))), Is.EqualTo(cost));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Auto_WhenThePriceChangesMeanwhile_TellsTheCostByThePriceOfItsHold(bool streams)
    {
        var person = await PersonAsync();
        var marker = Mark(streams ? UpstreamEvents.Ok(Upstream.Usage(1_000, 500), "Nile") : Upstream.Ok("Nile", Upstream.Usage(1_000, 500)));

        var answer = await Api.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"auto","auto":{"cost":0},"max_tokens":600,"stream":{{(streams ? "true" : "false")}},"messages":[{"role":"user","content":"{{marker}}{{Padding}}"}]}""",
            person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var cost = await CostByTheHoldAsync(person, answer.RequestId(), new ModelUsage(1_000, 0, 500));
        Assert.That(CostIn(streams ? CommentIn(answer.Text) : string.Concat(answer.Headers.GetValues(CostName))), Is.EqualTo(cost));
    }

    [Test]
    public async Task Query_WhenTheProviderCountsMoreThanTheHoldPays_TellsWhatTheWalletPaid()
    {
        var person = await PersonAsync();
        var marker = Mark(Upstream.Ok("Nile", Upstream.Usage(1_000, 90_000)));

        var answer = await QueryAsync(person, marker);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var spent = await _platform.SpentAsync("user", person.Id, "wallet");
        Assert.That(answer["cost_cents"]!.GetValue<decimal>() * 10_000_000, Is.EqualTo(spent));
        Assert.That(CostIn(string.Concat(answer.Headers.GetValues(CostName))), Is.EqualTo(spent));
        Assert.That(await _platform.Platform.QueryAsync(db => db.Set<PlatformLoss>().AnyAsync(loss => loss.RequestId == answer.RequestId())), Is.True);
    }

    private static long CostIn(string meters) =>
        (long)(decimal.Parse(meters.Split(", ").Single(meter => meter.StartsWith("wallet=", StringComparison.Ordinal))["wallet=".Length..], CultureInfo.InvariantCulture) * Dollar);

    private static string CommentIn(string events) =>
        events.Split('\n').Single(line => line.StartsWith($": {CostName}: ", StringComparison.Ordinal))[$": {CostName}: ".Length..];

    /// <summary>The cost by the price that the ledger's entry names, which is not the last one; entry, account and usage row agree on it.</summary>
    private async Task<long> CostByTheHoldAsync(Person person, Guid requestId, ModelUsage usage)
    {
        var paid = (await _platform.EntriesAsync(requestId)).Single(row => row is { Meter: Meter.Wallet, Entry.Kind: EntryKind.Capture }).Entry;
        var prices = await _platform.Platform.QueryAsync(db => db.Set<ModelPrice>().AsNoTracking()
            .Where(price => db.Set<ModelPrice>().Any(named => named.Id == paid.PriceVersionId && named.Model == price.Model)).ToListAsync());
        var frozen = prices.Single(price => price.Id == paid.PriceVersionId);
        Assert.That(prices.MaxBy(price => price.EffectiveFrom)!.Id, Is.Not.EqualTo(frozen.Id), "The price changed meanwhile.");

        var row = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.RequestId == requestId));
        Assert.That((row.Model, row.PromptTokens, row.AnswerTokens), Is.EqualTo((frozen.Model, usage.PromptTokens, usage.AnswerTokens)));
        var cost = frozen.CostOf(usage);
        Assert.That(paid.SpentDelta, Is.EqualTo(cost));
        Assert.That(await _platform.SpentAsync("user", person.Id, "wallet"), Is.EqualTo(cost));
        return cost;
    }

    /// <summary>The upstream sets the price of the model that it is asked for tenfold before it answers.</summary>
    private string Mark(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        _platform.Upstream.When(marker, async (http, request) =>
        {
            var model = request.Json["model"]!.GetValue<string>();
            _platform.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
            var set = await _platform.ChangeAsync(HttpMethod.Post, "/admin/ledger/prices", new JsonObject
            {
                ["model"] = model,
                ["source"] = "A test",
                ["input_per_million"] = 500_000_000,
                ["answer_per_million"] = 4_000_000_000,
            });
            Assert.That(set.Status, Is.EqualTo(HttpStatusCode.Created), set.Text);
            await behavior(http, request);
        });
        return marker;
    }

    private Task<Answer> QueryAsync(Person person, string query) => Api.PostAsync(
        "/query", $$$"""{"user_query":"{{{query}}}{{{Padding}}}","user_input":{"Cost":0}}""", person.ApiKey);

    private async Task<Person> PersonAsync()
    {
        var person = await Api.UserAsync();
        await _platform.FundAsync("user", person.Id, credits: false, wallet: true);
        await _platform.GrantAsync(person.Id, "wallet", Dollar);
        return person;
    }
}
