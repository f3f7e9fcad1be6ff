using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What administrators see, give, correct and take back.</summary>
public sealed class LedgerAdministrationTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string NobodysId = "0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90";

    [Test]
    public async Task Grant_WhenGiven_IsInTheWalletAndTheEntryTellsWhoAndWhy()
    {
        var person = await Api.UserAsync();

        var first = await GrantAsync(person.Id, "wallet", 5_000_000_000, "  Invoice 117  ");
        var second = await GrantAsync(person.Id, "wallet", 250, "Goodwill");

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Text);
        Assert.That(second["available"]!.GetValue<long>(), Is.EqualTo(5_000_000_250));
        Assert.That((second["unit"]!.GetValue<string>(), second["period"]!.GetValue<string>(), second["renews_at"]), Is.EqualTo(("nano_usd", "always", (JsonNode?)null)));
        var entries = await EntriesAsync(person.Id, Meter.Wallet);
        Assert.That(
            entries.Select(entry => (entry.Kind, entry.GrantedDelta, entry.Reason)),
            Is.EqualTo(new[] { (EntryKind.Grant, 0L, null), (EntryKind.Grant, 5_000_000_000L, "Invoice 117"), (EntryKind.Grant, 250L, (string?)"Goodwill") }));
        Assert.That(entries.Skip(1).Select(entry => entry.ActorId), Has.All.Not.Null);
    }

    [Test]
    public async Task Grant_WhenItIsOfCredits_ComesOnTopOfTheTiers()
    {
        var person = await Api.UserAsync();

        await GrantAsync(person.Id, "credits", MeterUnits.FromCredits(5), "Goodwill");

        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999 + 5));
    }

    [Test]
    public async Task Grant_WhenTheAccountWouldHoldTooMuch_Is409AndChangesNothing()
    {
        var person = await Api.UserAsync();
        await Platform.QueryAsync(async db =>
        {
            var account = new LedgerAccount(new AccountKey(OwnerKind.User, person.Id, Meter.Wallet, Period.Always), TimeProvider.System.GetUtcNow());
            db.AddRange(account, account.Grant(LedgerAccount.MaxGranted, new EntryCause(Unique.Id()), TimeProvider.System.GetUtcNow()));
            return await db.SaveChangesAsync();
        });

        var refused = await GrantAsync(person.Id, "wallet", 1, "One too many");

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Conflict), refused.Text);
        Assert.That(await EntriesAsync(person.Id, Meter.Wallet), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Adjustment_WhenMade_IsExactAndExplained()
    {
        var person = await Api.UserAsync();
        await GrantAsync(person.Id, "wallet", 700, "Invoice 117");

        var adjusted = await ChangeAsync("/admin/ledger/adjustments", person.Id, ("meter", "wallet"), ("available", 50), ("reason", "Charged back"));

        Assert.That((adjusted["granted"]!.GetValue<long>(), adjusted["available"]!.GetValue<long>()), Is.EqualTo((50L, 50L)));
        var entry = (await EntriesAsync(person.Id, Meter.Wallet))[^1];
        Assert.That((entry.Kind, entry.GrantedDelta, entry.Reason), Is.EqualTo((EntryKind.Adjust, -650L, "Charged back")));
    }

    [Test]
    public async Task Expiry_WhenOrdered_TakesBackWhatIsLeft()
    {
        var person = await Api.UserAsync();
        await GrantAsync(person.Id, "wallet", 700, "Invoice 117");

        var expired = await ChangeAsync("/admin/ledger/expiries", person.Id, ("meter", "wallet"), ("reason", "Left the company"));
        var unknown = await ChangeAsync("/admin/ledger/expiries", person.Id, ("meter", "tokens"), ("reason", "Left the company"));

        Assert.That(expired["available"]!.GetValue<long>(), Is.Zero);
        var entry = (await EntriesAsync(person.Id, Meter.Wallet))[^1];
        Assert.That((entry.Kind, entry.GrantedDelta, entry.Reason), Is.EqualTo((EntryKind.Expire, -700L, "Left the company")));
        unknown.AssertRefused(HttpStatusCode.NotFound, "Not Found", "The owner has no account of this meter in this period");
    }

    [Test]
    public async Task Accounts_OfAUser_ShowEveryMeterWhoPaysAndTheKeys()
    {
        var person = await Api.UserAsync();
        await ChangeAsync(HttpMethod.Put, "/admin/ledger/limits", person.Id, ("meter", "tokens"), ("amount", 500));
        await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);

        var standing = await Api.GetAsync($"/admin/ledger/accounts?owner_kind=user&owner_id={person.Id}", TestPlatform.AdminKey);

        var accounts = standing["accounts"]!.AsArray();
        Assert.That(accounts.Select(account => account!["meter"]!.GetValue<string>()), Is.EqualTo(new[] { "credits", "tokens" }));
        Assert.That(accounts[0]!["spent"]!.GetValue<long>(), Is.EqualTo(1_000));
        Assert.That(accounts[1]!["limit"]!.GetValue<long>(), Is.EqualTo(500));
        Assert.That((standing["funding"]!["credits"]!.GetValue<bool>(), standing["funding"]!["wallet"]!.GetValue<bool>()), Is.EqualTo((true, false)));
        Assert.That(standing["api_keys"]!.AsArray().Single()!["prefix"]!.GetValue<string>(), Is.EqualTo(person.ApiKey[..8]));
    }

    [Test]
    public async Task Limits_WhenListed_AreFilteredAndPaged()
    {
        var person = await Api.UserAsync();
        foreach (var meter in new[] { "tokens", "conversations", "requests_per_minute" })
        {
            await ChangeAsync(HttpMethod.Put, "/admin/ledger/limits", person.Id, ("meter", meter), ("amount", 7));
        }

        var first = await ListAsync($"owner_id={person.Id}&per_page=2");
        var second = await ListAsync($"owner_id={person.Id}&per_page=2&page=2");
        var filtered = await ListAsync($"owner_kind=user&owner_id={person.Id}&meter=conversations");

        Assert.That(Meters(first), Is.EqualTo(new[] { "tokens", "conversations" }));
        Assert.That((Meters(second).Single(), first["has_more"]!.GetValue<bool>(), second["has_more"]!.GetValue<bool>()), Is.EqualTo(("requests_per_minute", true, false)));
        Assert.That(filtered["limits"]!.AsArray().Single()!["amount"]!.GetValue<long>(), Is.EqualTo(7));
    }

    [TestCase("owner_kind", "robot", "owner_kind must be one of: user, api_key, team")]
    [TestCase("meter", "credits", "meter must be one of: key_budget, team_budget, tokens, conversations, requests_per_minute, tokens_per_minute")]
    [TestCase("meter", "key_budget", "key_budget limits an api_key, team_budget a team")]
    [TestCase("amount", "many", "amount must be a whole number from 0 to 1000000000000000")]
    public async Task SetLimit_WhenAFieldIsWrong_Is400(string field, string value, string message)
    {
        var person = await Api.UserAsync();
        var fields = new Dictionary<string, JsonNode?> { ["meter"] = "tokens", ["amount"] = 5, [field] = value };

        (await ChangeAsync(HttpMethod.Put, "/admin/ledger/limits", person.Id, [.. fields.Select(pair => (pair.Key, pair.Value))])).AssertBadRequest(message);
    }

    [TestCase("user")]
    [TestCase("api_key")]
    [TestCase("team")]
    public async Task SetLimit_WhenTheOwnerDoesNotExist_Is404(string kind) =>
        (await ChangeAsync(HttpMethod.Put, "/admin/ledger/limits", Guid.Parse(NobodysId), ("owner_kind", kind), ("meter", "tokens"), ("amount", 5)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"There is no {kind} with ID {NobodysId}");

    [Test]
    public async Task SetLimit_WhenSentByAnybodyElse_Is403() =>
        (await Api.SendAsync(HttpMethod.Put, "/admin/ledger/limits", null, (await Api.UserAsync()).ApiKey, token: null))
            .AssertForbidden("Admin privileges required to set limits");

    [Test]
    public async Task SetFunding_WhenNobodyWouldPay_Is400() =>
        (await ChangeAsync(HttpMethod.Put, "/admin/ledger/funding", (await Api.UserAsync()).Id, ("credits", false), ("wallet", false)))
            .AssertBadRequest("credits or wallet must be true: somebody pays");

    [Test]
    public async Task RemoveFunding_WhenThereIsARule_LeavesTheCreditsToPay()
    {
        var person = await Api.UserAsync();
        await ChangeAsync(HttpMethod.Put, "/admin/ledger/funding", person.Id, ("credits", false), ("wallet", true));
        var refused = await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);

        await ChangeAsync(HttpMethod.Delete, "/admin/ledger/funding", person.Id);
        var served = await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);

        Assert.That((refused.Status, served.Status), Is.EqualTo((HttpStatusCode.PaymentRequired, HttpStatusCode.OK)));
    }

    [Test]
    public async Task CreateTeam_WhenTheNameIsTaken_Is409WhateverItsCase()
    {
        var name = $"Team {Unique.Id():N}";
        await Api.AdministerAsync("/admin/create-team", ("team_name", name));

        (await Api.AdministerAsync("/admin/create-team", ("team_name", name.ToUpperInvariant())))
            .AssertRefused(HttpStatusCode.Conflict, "Conflict", "A team with this name already exists");
        Assert.That(
            (await Api.GetAsync("/admin/teams", TestPlatform.AdminKey))["teams"]!.AsArray().Select(team => team!["team_name"]!.GetValue<string>()),
            Has.Exactly(1).EqualTo(name));
        Assert.That(Platform.Log.Text, Does.Not.Contain("Microsoft.EntityFrameworkCore.Update"), "a name that is taken is no failure");
    }

    [Test]
    public async Task AssignTeam_WhenTheTeamDoesNotExist_Is404() =>
        (await Api.AdministerAsync("/admin/assign-team", ("user_id", (await Api.UserAsync()).Id.ToString()), ("team_id", NobodysId)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"Team with ID {NobodysId} not found");

    [Test]
    public async Task Prices_WhenListed_NameTheirSources()
    {
        var prices = (await Api.GetAsync("/admin/ledger/prices", TestPlatform.AdminKey))["prices"]!.AsArray();

        Assert.That(prices.Select(price => price!["source"]!.GetValue<string>()), Has.All.Not.Empty);
        Assert.That(prices.Count(price => price!["model"]!.GetValue<string>() == "deepseek-r1"), Is.EqualTo(3));
        Assert.That(prices.Select(price => price!["model"]!.GetValue<string>()), Has.None.EqualTo("llama-3.1-405b"));
    }

    [TestCase("2020-01-01T00:00:00Z")]
    [TestCase("tomorrow")]
    public async Task SetPrice_WhenItsTimeIsPastOrNone_Is400(string effectiveFrom)
    {
        var answer = await Api.AdministerAsync(
            "/admin/ledger/prices",
            ("model", "gpt-4o"),
            ("source", "A test"),
            ("input_per_million", 1),
            ("answer_per_million", 1),
            ("effective_from", effectiveFrom));

        answer.AssertBadRequest("effective_from must be a time such as 2030-01-01T00:00:00Z that is not in the past");
    }

    private static IEnumerable<string> Meters(Answer page) => page["limits"]!.AsArray().Select(limit => limit!["meter"]!.GetValue<string>());

    private Task<Answer> ListAsync(string query) => Api.GetAsync($"/admin/ledger/limits?{query}", TestPlatform.AdminKey);

    private Task<Answer> GrantAsync(Guid userId, string meter, long amount, string reason) =>
        ChangeAsync("/admin/ledger/grants", userId, ("meter", meter), ("amount", amount), ("reason", reason));

    private Task<Answer> ChangeAsync(string path, Guid userId, params (string Name, JsonNode? Value)[] fields) =>
        ChangeAsync(HttpMethod.Post, path, userId, fields);

    private async Task<Answer> ChangeAsync(HttpMethod method, string path, Guid ownerId, params (string Name, JsonNode? Value)[] fields)
    {
        var body = SpendingPlatform.Owner("user", ownerId, fields);
        body["token"] = await Api.TokenAsync();
        return await Api.SendAsync(method, path, body, TestPlatform.AdminKey, token: null);
    }

    private Task<List<LedgerEntry>> EntriesAsync(Guid ownerId, Meter meter) => Platform.QueryAsync(db => (
        from entry in db.Set<LedgerEntry>().AsNoTracking()
        join account in db.Set<LedgerAccount>() on entry.AccountId equals account.Id
        where account.OwnerId == ownerId && account.Meter == meter
        orderby entry.Sequence
        select entry).ToListAsync());
}
