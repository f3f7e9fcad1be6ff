using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>API keys of 64 hexadecimal digits, which the wallet pays.</summary>
public sealed class NamedKeyTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Generate_TakesADollarAndAnswersAKeyThatIdentifiesItsOwnerEverywhere()
    {
        var member = await BuyerAsync(500);

        var generated = await GenerateAsync(member, "First");

        Assert.That(generated.Status, Is.EqualTo(HttpStatusCode.OK), generated.Text);
        var key = generated["api_key"]!.GetValue<string>();
        Assert.That(key, Does.Match("^[0-9a-f]{64}$"));
        Assert.That(generated.Text, Is.EqualTo($$"""{"api_key":"{{key}}","status":"active","wallet_balance":400}"""));
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(500), 0L, Cents(100))));
        Assert.That((await Api.BearerAsync(HttpMethod.Get, "/users/me", key))["email"]!.GetValue<string>(), Is.EqualTo(member.Email));
        Assert.That((await Api.GetAsync("/check-balance", key))["user_email"]!.GetValue<string>(), Is.EqualTo(member.Email));
        Assert.That((await Api.BearerAsync(HttpMethod.Get, "/api-keys", key)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Generate_WithTheNameInTheQuery_NamesTheKey()
    {
        var member = await BuyerAsync(100);

        var generated = await Api.BearerAsync(HttpMethod.Post, "/generate-api?api_name=From%20the%20query", member.Session);

        Assert.That(generated["wallet_balance"]!.GetValue<long>(), Is.Zero, generated.Text);
        Assert.That((await ListAsync(member))["api_keys"]![0]!["api_name"]!.GetValue<string>(), Is.EqualTo("From the query"));
    }

    [Test]
    public async Task Generate_FiftyTimesAtOnceOnFiveDollars_SucceedsExactlyFiveTimes()
    {
        var member = await BuyerAsync(500);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => GenerateAsync(member, $"key {call}")));

        var refused = answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList();
        Assert.That(refused, Has.Count.EqualTo(45));
        refused.ForEach(answer => answer.AssertDetail(HttpStatusCode.BadRequest, "Insufficient balance in wallet"));
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(500), 0L, Cents(500))));
        Assert.That((await ListAsync(member))["api_keys"]!.AsArray(), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Generate_TwentyTimesAtOnceWithOneName_SellsOneKey()
    {
        var member = await BuyerAsync(2_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GenerateAsync(member, "the same")));

        var refused = answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList();
        Assert.That(refused, Has.Count.EqualTo(19));
        refused.ForEach(answer => answer.AssertDetail(HttpStatusCode.BadRequest, "API name already exists for this user"));
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(2_000), 0L, Cents(100))));
    }

    [Test]
    public async Task Generate_SentTwiceWithOneIdempotencyKey_SellsOneKeyAndAnswersItTwice()
    {
        var member = await BuyerAsync(500);
        var once = ("Idempotency-Key", Unique.Id().ToString());

        var first = await Api.BearerAsync(HttpMethod.Post, "/generate-api", member.Session, new { api_name = "once" }, once);
        var second = await Api.BearerAsync(HttpMethod.Post, "/generate-api", member.Session, new { api_name = "once" }, once);
        var another = await Api.BearerAsync(HttpMethod.Post, "/generate-api?api_name=another", member.Session, null, once);

        Assert.That(second.Text, Is.EqualTo(first.Text), second.Text);
        Assert.That(another.Status, Is.EqualTo(HttpStatusCode.Conflict), another.Text);
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(500), 0L, Cents(100))));
    }

    [Test]
    public async Task Generate_WithoutAWallet_IsRefused() =>
        (await GenerateAsync(await Api.MemberAsync(), "k")).AssertDetail(HttpStatusCode.BadRequest, "Wallet not found");

    [Test]
    public async Task Generate_WithLessThanItCosts_IsRefused()
    {
        var member = await BuyerAsync(99);

        (await GenerateAsync(member, "k")).AssertDetail(HttpStatusCode.BadRequest, "Insufficient balance in wallet");

        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(99), 0L, 0L)));
    }

    [Test]
    public async Task Generate_WithANameThatIsTaken_CostsNothing()
    {
        var (member, other) = (await BuyerAsync(500), await BuyerAsync(500));
        await GenerateAsync(member, "mine");

        (await GenerateAsync(member, "mine")).AssertDetail(HttpStatusCode.BadRequest, "API name already exists for this user");

        Assert.That((await GenerateAsync(other, "mine")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(500), 0L, Cents(100))));
    }

    [Test]
    public async Task Generate_WhenThereAreTooMany_CostsNothing()
    {
        var member = await BuyerAsync(20_000);
        for (var count = 0; count < 100; count++)
        {
            Assert.That((await GenerateAsync(member, $"key {count}")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        (await GenerateAsync(member, "one more")).AssertDetail(
            HttpStatusCode.Conflict, "There are 100 API keys already. Delete one that is not used any more.");

        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(20_000), 0L, Cents(10_000))));
    }

    [TestCase("{}")]
    [TestCase("""{"api_name":""}""")]
    [TestCase("""{"api_name":" "}""")]
    [TestCase("""{"api_name":7}""")]
    [TestCase("""{"api_name":null}""")]
    [TestCase("""{"api_name":"a\u0000b"}""")]
    [TestCase("""{"api_name":"a\u202Eb"}""")]
    [TestCase("""{"api_name":"a/b"}""")]
    [TestCase("""{"api_name":".."}""")]
    [TestCase("""{"api_name":"\ud800"}""")]
    [TestCase("no JSON")]
    public async Task Generate_WithAWrongName_NamesTheField(string body)
    {
        var member = await BuyerAsync(500);

        var answer = await Api.BearerAsync(HttpMethod.Post, "/generate-api", member.Session, body);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), answer.Text);
        Assert.That(answer.Text, Does.Contain("api_name"));
        Assert.That(await StandingAsync(member), Is.EqualTo((Cents(500), 0L, 0L)));
    }

    [Test]
    public async Task List_ShowsOwnKeysByTheirEnds()
    {
        var (member, other) = (await BuyerAsync(500), await BuyerAsync(500));
        var key = (await GenerateAsync(member, "One"))["api_key"]!.GetValue<string>();
        await GenerateAsync(other, "Another's");

        var listed = await ListAsync(member);

        var created = listed["api_keys"]![0]!["created_at"]!.GetValue<string>();
        Assert.That(listed.Json["api_keys"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(listed["api_keys"]![0]!["key"]!.GetValue<string>(), Is.EqualTo($"{key[..4]}…{key[^4..]}"));
        Assert.That(
            (listed["api_keys"]![0]!["api_name"]!.GetValue<string>(), listed["api_keys"]![0]!["is_active"]!.GetValue<bool>(), listed["wallet_balance"]!.GetValue<long>()),
            Is.EqualTo(("One", true, 400L)));
        Assert.That(created, Does.EndWith("Z"));
    }

    [TestCase("PUT")]
    [TestCase("PATCH")]
    [TestCase("POST")]
    public async Task Switch_RefusesTheKeyEverywhereUntilItIsSwitchedOnAgain(string method)
    {
        var member = await BuyerAsync(500);
        var key = (await GenerateAsync(member, "My key"))["api_key"]!.GetValue<string>();

        var off = await Api.BearerAsync(new HttpMethod(method), "/api-key/My%20key/status", member.Session, new { is_active = false });
        var refused = await Api.BearerAsync(HttpMethod.Get, "/users/me", key);
        var on = await Api.BearerAsync(new HttpMethod(method), "/api-key/My%20key/status?is_active=true", member.Session);
        var accepted = await Api.BearerAsync(HttpMethod.Get, "/users/me", key);

        Assert.That(off.Text, Is.EqualTo("""{"message":"API key status updated to inactive"}"""));
        Assert.That(on.Text, Is.EqualTo("""{"message":"API key status updated to active"}"""));
        Assert.That((refused.Status, accepted.Status), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Switch_OnWithAnEmptyWallet_IsRefused()
    {
        var member = await BuyerAsync(100);
        await GenerateAsync(member, "k");

        (await Api.BearerAsync(HttpMethod.Put, "/api-key/k/status", member.Session, new { is_active = true }))
            .AssertDetail(HttpStatusCode.PaymentRequired, "Insufficient wallet balance to activate the API key");
        Assert.That(
            (await Api.BearerAsync(HttpMethod.Put, "/api-key/k/status", member.Session, new { is_active = false })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("{}", "")]
    [TestCase("""{"is_active":"yes"}""", "")]
    [TestCase("""{"is_active":1}""", "")]
    [TestCase("{}", "?is_active=perhaps")]
    public async Task Switch_WithAWrongFlag_NamesTheField(string body, string query)
    {
        var member = await BuyerAsync(500);
        await GenerateAsync(member, "k");

        var answer = await Api.BearerAsync(HttpMethod.Put, $"/api-key/k/status{query}", member.Session, body);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), answer.Text);
        Assert.That(answer.Text, Does.Contain("is_active"));
    }

    [TestCase("DELETE")]
    [TestCase("PUT")]
    [TestCase("PATCH")]
    [TestCase("POST")]
    public async Task Revoke_RefusesTheKeyAtOnceAndKeepsItInTheList(string method)
    {
        var member = await BuyerAsync(500);
        var key = (await GenerateAsync(member, "k"))["api_key"]!.GetValue<string>();
        await Api.BearerAsync(HttpMethod.Get, "/users/me", key);

        var revoked = await Api.BearerAsync(new HttpMethod(method), "/api-key/k", member.Session);

        Assert.That(revoked.Text, Is.EqualTo("""{"message":"API key revoked","status":"inactive"}"""));
        Assert.That((await Api.BearerAsync(HttpMethod.Get, "/users/me", key)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        (await QueryAsync(key)).AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        Assert.That((await ListAsync(member))["api_keys"]![0]!["is_active"]!.GetValue<bool>(), Is.False);
    }

    [TestCase("DELETE")]
    [TestCase("POST")]
    public async Task Delete_RemovesTheKeyForGoodAndPaysNothingBack(string method)
    {
        var member = await BuyerAsync(500);
        var key = (await GenerateAsync(member, "k"))["api_key"]!.GetValue<string>();

        var deleted = await Api.BearerAsync(new HttpMethod(method), "/api-key/k/delete", member.Session);

        Assert.That(deleted.Text, Is.EqualTo("""{"message":"API key deleted"}"""));
        Assert.That((await Api.BearerAsync(HttpMethod.Get, "/users/me", key)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await ListAsync(member)).Text, Is.EqualTo("""{"api_keys":[],"wallet_balance":400}"""));
        Assert.That((await GenerateAsync(member, "k")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("PUT", "/api-key/none/status")]
    [TestCase("DELETE", "/api-key/none")]
    [TestCase("DELETE", "/api-key/none/delete")]
    public async Task Key_OfAnotherOrOfNone_IsNotFound(string method, string path)
    {
        var (member, other) = (await BuyerAsync(500), await BuyerAsync(500));
        await GenerateAsync(other, "theirs");

        foreach (var address in (string[])[path, path.Replace("none", "theirs", StringComparison.Ordinal), path.Replace("none", "%2F..", StringComparison.Ordinal)])
        {
            (await Api.BearerAsync(new HttpMethod(method), address, member.Session, new { is_active = false }))
                .AssertDetail(HttpStatusCode.NotFound, "API key not found");
        }
    }

    [TestCase("POST", "/generate-api")]
    [TestCase("GET", "/api-keys")]
    [TestCase("PUT", "/api-key/k/status")]
    [TestCase("DELETE", "/api-key/k")]
    [TestCase("DELETE", "/api-key/k/delete")]
    [TestCase("POST", "/query")]
    public async Task Call_OfNobody_IsRefused(string method, string path)
    {
        (await Api.BearerAsync(new HttpMethod(method), path, null)).AssertDetail(HttpStatusCode.Unauthorized, "Unauthorized");
        (await Api.BearerAsync(new HttpMethod(method), path, $"{new string('a', 63)}b"))
            .AssertDetail(HttpStatusCode.Unauthorized, path == "/query" ? "Invalid API key" : "Unauthorized");
    }

    [Test]
    public async Task Generate_LeavesTheKeyInNoTableAndNoLog()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var member = await api.MemberAsync();
        await FillAsync(platform, member, 500);
        var generated = await api.BearerAsync(
            HttpMethod.Post, "/generate-api", member.Session, new { api_name = "k" }, ("Idempotency-Key", Unique.Id().ToString()));

        var kept = string.Concat(platform.Log.Text, await platform.DumpAsync(Database));

        Assert.That(kept, Does.Not.Contain(generated["api_key"]!.GetValue<string>()));
    }

    private static long Cents(long cents) => cents * MeterUnits.PerCent;

    private static async Task FillAsync(TestPlatform platform, Member member, long cents) => await Money.Ledger(platform).OpenAsync(
        Wallet(await platform.IdOfAsync(member)), Cents(cents), Unique.Id(), CancellationToken.None);

    private static AccountKey Wallet(Guid userId) => new(OwnerKind.User, userId, Meter.Wallet, Period.Always);

    /// <summary>A fresh person with so much in the wallet.</summary>
    private async Task<Member> BuyerAsync(long cents)
    {
        var member = await Api.MemberAsync();
        await FillAsync(Platform, member, cents);
        return member;
    }

    private Task<Answer> GenerateAsync(Member member, string name) =>
        Api.BearerAsync(HttpMethod.Post, "/generate-api", member.Session, new { api_name = name });

    private Task<Answer> ListAsync(Member member) => Api.BearerAsync(HttpMethod.Get, "/api-keys", member.Session);

    private Task<Answer> QueryAsync(string key) => Api.BearerAsync(
        HttpMethod.Post, "/query", key, new { user_query = "Name a river.", user_input = new { Cost = 0.5, Performance = 0.5, latency = 0.5 } });

    private async Task<(long Granted, long Held, long Spent)> StandingAsync(Member member)
    {
        var userId = await Platform.IdOfAsync(member);
        var account = await Platform.QueryAsync(db => db.Set<LedgerAccount>().AsNoTracking()
            .SingleAsync(account => account.OwnerId == userId && account.Meter == Meter.Wallet));
        return (account.Granted, account.Held, account.Spent);
    }
}
