using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class DisputeTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Meters =
        "meter must be one of: credits, wallet, tokens, conversations, key_budget, team_budget, requests_per_minute, tokens_per_minute";

    private const string Reason = "The provider's invoice has the call";

    [Test]
    public async Task Disputes_WhenListed_ShowEverythingThatIsKnownOfTheCall()
    {
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_234));
        var hold = await HoldAsync(holdId);
        await Money.Journal(Platform).CloseAsync(Money.Record(hold.RequestId), null, CancellationToken.None);

        var answer = await Api.GetAsync($"/admin/ledger/disputes?user_id={account.OwnerId}", TestPlatform.AdminKey);

        var shown = answer["holds"]!.AsArray().Single()!;
        Assert.That(
            shown.AsObject().Select(field => field.Key),
            Is.EqualTo(new[]
            {
                "hold_id", "state", "request_id", "user_id", "route_key", "price_version_id", "created_at", "dispatched_at", "expires_at",
                "settled_at", "reason", "amounts", "candidates", "audit",
            }));
        Assert.That((shown["hold_id"]!.GetValue<Guid>(), shown["state"]!.GetValue<string>()), Is.EqualTo((holdId, "disputed")));
        Assert.That((shown["request_id"]!.GetValue<Guid>(), shown["user_id"]!.GetValue<Guid>()), Is.EqualTo((hold.RequestId, account.OwnerId)));
        Assert.That((shown["route_key"]!.GetValue<string>(), shown["price_version_id"]!.GetValue<Guid>()), Is.EqualTo(("made.by-a-test", hold.PriceVersionId)));
        Assert.That((shown["dispatched_at"], shown["settled_at"]), Is.EqualTo((shown["dispatched_at"]!, (JsonNode?)null)));
        Assert.That(shown["amounts"]![0]!["amount"]!.GetValue<long>(), Is.EqualTo(1_234));
        Assert.That(
            shown["amounts"]![0]!["account"]!.ToJsonString(),
            Is.EqualTo($$"""{"owner_kind":"user","owner_id":"{{account.OwnerId}}","meter":"credits","unit":"credit_thousandths","period":"2025-03"}"""));
        Assert.That(shown["audit"]!["status"]!.GetValue<int>(), Is.EqualTo(200));
    }

    [Test]
    public async Task Disputes_WhenReadPageByPage_ShowEachHoldOnceTheLongestWaitingFirst()
    {
        var account = Money.NewAccount();
        var holds = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            holds.Add(await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 100)));
        }

        var filter = $"/admin/ledger/disputes?user_id={account.OwnerId}&per_page=2";
        var pages = new[]
        {
            await Api.GetAsync(filter, TestPlatform.AdminKey), await Api.GetAsync($"{filter}&page=2", TestPlatform.AdminKey),
        };

        Assert.That(pages.SelectMany(page => page["holds"]!.AsArray().Select(hold => hold!["hold_id"]!.GetValue<Guid>())), Is.EqualTo(holds));
        Assert.That(pages.Select(page => page["has_more"]!.GetValue<bool>()), Is.EqualTo(new[] { true, false }));
        Assert.That(
            (await Api.GetAsync($"{filter}&state=unresolved", TestPlatform.AdminKey))["count"]!.GetValue<int>(), Is.Zero);
    }

    [TestCase("state=open", "state must be disputed or unresolved")]
    [TestCase("user_id=x", "user_id must be a UUID")]
    [TestCase("page=0", "page must be a number from 1 to 100000")]
    [TestCase("per_page=101", "per_page must be a number from 1 to 100")]
    public async Task Disputes_WhenAFilterIsWrong_Is400(string query, string message) =>
        (await Api.GetAsync($"/admin/ledger/disputes?{query}", TestPlatform.AdminKey)).AssertBadRequest(message);

    [Test]
    public async Task Resolve_WhenTheCallIsCharged_CapturesTheHoldWithTheAdministratorAndTheReason()
    {
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_000));

        var answer = await ResolveAsync(holdId, ("action", "capture"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Dispute resolved successfully"));
        Assert.That((answer["hold"]!["state"]!.GetValue<string>(), answer["hold"]!["reason"]!.GetValue<string>()), Is.EqualTo(("captured", Reason)));
        var (stored, entries) = await Money.StoredAsync(Platform, account);
        var record = await Platform.AuditRecordAsync(answer.RequestId());
        Assert.That((stored.Held, stored.Spent, stored.Available), Is.EqualTo((0L, 1_000L, 9_000L)));
        Assert.That((entries[^1].Kind, entries[^1].ActorId), Is.EqualTo((EntryKind.Capture, record.UserId)));
    }

    [Test]
    public async Task Resolve_WhenAPartIsCharged_GivesTheRestBack()
    {
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_000));

        await ResolveAsync(holdId, ("action", "capture"), ("amount", 300));

        var stored = (await Money.StoredAsync(Platform, account)).Account;
        Assert.That((stored.Held, stored.Spent, stored.Available), Is.EqualTo((0L, 300L, 9_700L)));
    }

    [Test]
    public async Task Resolve_WhenTheHoldIsGivenBack_ChargesNothing()
    {
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_000));

        var answer = await ResolveAsync(holdId, ("action", "release"));

        var (stored, entries) = await Money.StoredAsync(Platform, account);
        Assert.That(answer["hold"]!["state"]!.GetValue<string>(), Is.EqualTo("released"));
        Assert.That((stored.Held, stored.Spent, stored.Available), Is.EqualTo((0L, 0L, 10_000L)));
        Assert.That((entries[^1].Kind, entries[^1].ActorId is null), Is.EqualTo((EntryKind.Release, false)));
    }

    [Test]
    public async Task Resolve_WhenTheHoldLiesOnSeveralMeters_ChargesTheNamedOneInPartAndTheOthersWhole()
    {
        var (credits, tokens) = TwoMeters();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(credits, 10_000, 1_000), new HoldOrderLine(tokens, 500, 50));

        (await ResolveAsync(holdId, ("action", "capture"), ("amount", 20))).AssertBadRequest(
            "The hold lies on accounts of several meters (credits, tokens): say with meter which one amount counts in, or leave amount out to charge all that is held");
        (await ResolveAsync(holdId, ("action", "capture"), ("amount", 20), ("meter", "wallet")))
            .AssertBadRequest("meter must be one that the hold lies on: credits, tokens");
        (await ResolveAsync(holdId, ("action", "capture"), ("amount", 51), ("meter", "tokens")))
            .AssertBadRequest("amount must not exceed what is held: 50");
        var answer = await ResolveAsync(holdId, ("action", "capture"), ("amount", 20), ("meter", "tokens"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var spent = await Platform.QueryAsync(db => db.Set<LedgerAccount>().Where(account => account.OwnerId == credits.OwnerId)
            .ToDictionaryAsync(account => account.Meter, account => account.Spent));
        Assert.That((spent[Meter.Credits], spent[Meter.Tokens]), Is.EqualTo((1_000L, 20L)));
    }

    [TestCase("capture", "release")]
    [TestCase("release", "release")]
    public async Task Resolve_WhenResolvedAlready_Is409AndChangesNothing(string first, string second)
    {
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_000));
        await ResolveAsync(holdId, ("action", first));
        var before = (await Money.StoredAsync(Platform, account)).Entries.Count;

        var answer = await ResolveAsync(holdId, ("action", second));

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", $"The hold is {first}d, not disputed");
        Assert.That((await Money.StoredAsync(Platform, account)).Entries, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Resolve_WhenManyDecideAtOnce_EndsTheDisputeOnce()
    {
        var account = Money.NewAccount();
        var (holdId, token) = (await Money.DisputedAsync(Platform, new HoldOrderLine(account, 10_000, 1_000)), await Api.TokenAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            ResolveAsync(holdId, ("action", number % 2 == 0 ? "capture" : "release"), ("token", token))));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Conflict), Is.EqualTo(7));
        Assert.That((await Money.StoredAsync(Platform, account)).Entries, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Resolve_WhenTheCallStillRuns_Is409()
    {
        var decision = await Money.Ledger(Platform).PlaceHoldAsync(
            Money.Order(Unique.Id(), new HoldOrderLine(Money.NewAccount(), 10_000, 1_000)), CancellationToken.None);

        (await ResolveAsync(decision.HoldId!.Value, ("action", "release")))
            .AssertRefused(HttpStatusCode.Conflict, "Conflict", "The hold is dispatched, not disputed");
    }

    [TestCase("0197f0f0-0000-7000-8000-000000000000")]
    [TestCase("no-uuid")]
    public async Task Resolve_WhenThereIsNoSuchHold_Is404(string id) =>
        (await Api.AdministerAsync($"/admin/ledger/disputes/{id}/resolve", ("action", "release"), ("reason", Reason)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "Hold not found");

    [TestCase("""{"reason":"r"}""", "Missing required fields: action")]
    [TestCase("""{"action":"capture","reason":" "}""", "Missing required fields: reason")]
    [TestCase("""{"action":"charge","reason":"r"}""", "action must be capture or release")]
    [TestCase("""{"action":"capture","reason":"r","amount":0}""", "amount must be a number from 1 on")]
    [TestCase("""{"action":"capture","reason":"r","amount":1.5}""", "amount must be a number from 1 on")]
    [TestCase("""{"action":"capture","reason":"r","amount":null}""", "amount must be a number from 1 on")]
    [TestCase("""{"action":"capture","reason":"r","amount":9223372036854775808}""", "amount must be a number from 1 on")]
    [TestCase("""{"action":"release","reason":"r","amount":5}""", "amount must be left out with release, which gives back all that is held")]
    [TestCase("""{"action":"capture","reason":"r","amount":5,"meter":""}""", Meters)]
    [TestCase("""{"action":"capture","reason":"r","amount":5,"meter":"gold"}""", Meters)]
    [TestCase("""{"action":"capture","reason":"r","meter":"credits"}""", "meter must be left out without amount")]
    [TestCase("""{"action":"capture","reason":"r","amount":1001}""", "amount must not exceed what is held: 1000")]
    [TestCase("""{"action":"capture","reason":"r","amount":9223372036854775807}""", "amount must not exceed what is held: 1000")]
    public async Task Resolve_WhenAFieldIsWrong_Is400AndTheDisputeStays(string body, string message)
    {
        var holdId = await Money.DisputedAsync(Platform);
        var json = JsonNode.Parse(body)!.AsObject();
        json["token"] = await Api.TokenAsync();

        var answer = await Api.PostAsync($"/admin/ledger/disputes/{holdId}/resolve", json, TestPlatform.AdminKey);

        answer.AssertBadRequest(message);
        Assert.That((await HoldAsync(holdId)).State, Is.EqualTo(HoldState.Disputed));
    }

    [Test]
    public async Task Resolve_WhenTheReasonIsTooLong_Is400() =>
        (await Api.AdministerAsync($"/admin/ledger/disputes/{Unique.Id()}/resolve", ("action", "release"), ("reason", new string('r', 201))))
            .AssertBadRequest("reason must be a string of at most 200 characters");

    [Test]
    public async Task Resolve_WhenTheTokenIsMissingOrAnotherPersons_IsRefused()
    {
        var path = $"/admin/ledger/disputes/{await Money.DisputedAsync(Platform)}/resolve";

        (await Api.PostAsync(path, new { action = "release", reason = "r" }, TestPlatform.AdminKey)).AssertBadRequest("Valid token is required");
        (await Api.PostAsync(path, new { token = (await Api.UserAsync()).Token, action = "release", reason = "r" }, TestPlatform.AdminKey))
            .AssertUnauthenticated("Invalid token provided");
        (await Api.PostAsync(path, null, TestPlatform.AdminKey)).AssertBadRequest("Request body is required");
    }

    [Test]
    public async Task Disputes_WhenTheCallerIsNoAdministrator_Are403()
    {
        var person = await Api.UserAsync();

        (await Api.GetAsync("/admin/ledger/disputes", person.ApiKey)).AssertForbidden("Admin privileges required to view disputes");
        (await Api.PostAsync("/admin/ledger/disputes/x/resolve", null, person.ApiKey)).AssertForbidden("Admin privileges required to resolve disputes");
        (await Api.PostAsync("/admin/ledger/disputes/x/resolve")).AssertUnauthenticated("Missing API Key header (API-Key)");
    }

    private static (AccountKey Credits, AccountKey Tokens) TwoMeters()
    {
        var credits = Money.NewAccount();
        return (credits, credits with { Meter = Meter.Tokens });
    }

    private Task<Hold> HoldAsync(Guid id) => Platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.Id == id));

    private Task<Answer> ResolveAsync(Guid holdId, params (string Name, JsonNode? Value)[] fields) =>
        Api.AdministerAsync($"/admin/ledger/disputes/{holdId}/resolve", [("reason", Reason), .. fields]);
}
