using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What administrators order of accounts under an Idempotency-Key.</summary>
public sealed class OnceOrderTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Reused = "This Idempotency-Key was sent before with another body or on another route. Use a new key for a new call.";

    [Test]
    public async Task Grant_SentAgainUnderItsKey_IsBookedOnceAndAnsweredTheSame()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());

        var first = await GrantAsync(person, 500, key);
        var again = await GrantAsync(person, 500, key);
        await GrantAsync(person, 7, Unique.Id().ToString());
        var later = await GrantAsync(person, 500, key);

        Assert.That((first.Status, first["available"]!.GetValue<long>()), Is.EqualTo((HttpStatusCode.OK, 500L)), first.Text);
        Assert.That((again.Text, later.Text), Is.EqualTo((first.Text, first.Text)));
        Assert.That((IsReplay(first), IsReplay(again), IsReplay(later)), Is.EqualTo((false, true, true)));
        Assert.That(await GrantedAsync(person), Is.EqualTo(507));
        Assert.That((await Platform.AuditRecordAsync(again.RequestId())).ReplayOf, Is.EqualTo(first.RequestId()));
    }

    [Test]
    public async Task Grant_SentAgainWithAFreshToken_IsTheSameOrder()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());
        var first = await GrantAsync(person, 500, key, await Api.TokenAsync());

        var again = await GrantAsync(person, 500, key, await Api.TokenAsync());
        var byNobody = await GrantAsync(person, 500, key, "a-token-of-nobody");

        Assert.That((again.Status, again.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)));
        byNobody.AssertUnauthenticated("Invalid token provided");
    }

    [Test]
    public async Task Grant_UnderTheKeyOfAnotherOrder_Is409AndBooksNothing()
    {
        var (person, other, key) = (await Api.UserAsync(), await Api.UserAsync(), Unique.Id().ToString());
        await GrantAsync(person, 500, key);

        AssertReused(await GrantAsync(person, 501, key));
        AssertReused(await GrantAsync(other, 500, key));
        AssertReused(await SendAsync("/admin/ledger/adjustments", key, Order(person, ("available", 500))));
        AssertReused(await SendAsync("/admin/ledger/grants", key, Order(person, ("amount", 500), ("reason", "another one"))));

        Assert.That(await GrantedAsync(person), Is.EqualTo(500));
    }

    [Test]
    public async Task Grants_AtOnceUnderOneKey_AreBookedOnce()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GrantAsync(person, 500, key)));

        Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict).And.Some.EqualTo(HttpStatusCode.OK));
        Assert.That(await GrantedAsync(person), Is.EqualTo(500));
        Assert.That(IsReplay(await GrantAsync(person, 500, key)), Is.True);
    }

    [Test]
    public async Task Grant_ThatWasRefused_LeavesItsKeyFree()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());
        await GrantAsync(person, SpendingLimit.MaxAmount, Unique.Id().ToString());
        Assert.That((await SendAsync("/admin/ledger/grants", key, Order(person, ("amount", 0)))).Status, Is.EqualTo(HttpStatusCode.BadRequest));

        var granted = await GrantAsync(person, 1, key);

        Assert.That((granted.Status, IsReplay(granted)), Is.EqualTo((HttpStatusCode.OK, false)), granted.Text);
    }

    [Test]
    public async Task Adjustment_SentAgainUnderItsKey_DoesNotUndoWhatCameAfterIt()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());

        var first = await SendAsync("/admin/ledger/adjustments", key, Order(person, ("available", 500)));
        await GrantAsync(person, 7, Unique.Id().ToString());
        var again = await SendAsync("/admin/ledger/adjustments", key, Order(person, ("available", 500)));

        Assert.That((again.Status, again.Text, IsReplay(again)), Is.EqualTo((HttpStatusCode.OK, first.Text, true)));
        Assert.That(await GrantedAsync(person), Is.EqualTo(507));
    }

    [Test]
    public async Task Expiry_SentAgainUnderItsKey_LeavesWhatCameAfterIt()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());
        await GrantAsync(person, 500, Unique.Id().ToString());

        var first = await SendAsync("/admin/ledger/expiries", key, Order(person));
        await GrantAsync(person, 7, Unique.Id().ToString());
        var again = await SendAsync("/admin/ledger/expiries", key, Order(person));

        Assert.That((again.Status, again.Text, IsReplay(again)), Is.EqualTo((HttpStatusCode.OK, first.Text, true)), again.Text);
        Assert.That(await GrantedAsync(person), Is.EqualTo(7));
    }

    [Test]
    public async Task UpdateBalance_SentAgainUnderItsKey_DoesNotUndoWhatWasSpentAfterIt()
    {
        var (person, key) = (await Api.UserAsync(), Unique.Id().ToString());

        var first = await UpdateAsync(person, 500, key);
        Assert.That((await Api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token)).Status, Is.EqualTo(HttpStatusCode.OK));
        var again = await UpdateAsync(person, 500, key);
        var other = await UpdateAsync(person, 501, key);

        Assert.That((again.Status, again.Text, IsReplay(again)), Is.EqualTo((HttpStatusCode.OK, first.Text, true)));
        AssertReused(other);
        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(499));
    }

    [TestCase("é")]
    [TestCase("a key\twith a tab")]
    public async Task Grant_UnderAKeyThatIsNone_IsRefused(string key)
    {
        var person = await Api.UserAsync();

        (await GrantAsync(person, 500, key)).AssertBadRequest("Idempotency-Key must be one text of 1 to 255 printable ASCII characters");

        Assert.That(await Platform.QueryAsync(db => db.Set<LedgerAccount>().AnyAsync(account => account.OwnerId == person.Id && account.Meter == Meter.Wallet)), Is.False);
    }

    private static void AssertReused(Answer answer) => answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", Reused);

    private static bool IsReplay(Answer answer) => answer.Headers.Contains("Idempotency-Replayed");

    private static JsonObject Order(Person person, params (string Name, JsonNode? Value)[] fields) =>
        SpendingPlatform.Owner("user", person.Id, [("meter", "wallet"), ("reason", "Invoice 117"), .. fields]);

    private Task<Answer> GrantAsync(Person person, long amount, string key, string? token = null) =>
        SendAsync("/admin/ledger/grants", key, Order(person, ("amount", amount)), token);

    private async Task<Answer> SendAsync(string path, string key, JsonObject body, string? token = null)
    {
        body["token"] = token ?? await Api.TokenAsync();
        return await Api.BearerAsync(HttpMethod.Post, path, null, body.ToJsonString(), ("API-Key", TestPlatform.AdminKey), ("Idempotency-Key", key));
    }

    private async Task<Answer> UpdateAsync(Person person, int credits, string key) => await Api.BearerAsync(
        HttpMethod.Post,
        "/admin/update-balance",
        null,
        new { user_id = person.Id, new_balance = credits },
        ("API-Key", TestPlatform.AdminKey),
        ("X-Token", await Api.TokenAsync()),
        ("Idempotency-Key", key));

    private Task<long> GrantedAsync(Person person) => Platform.QueryAsync(db => db.Set<LedgerAccount>()
        .Where(account => account.OwnerId == person.Id && account.Meter == Meter.Wallet).Select(account => account.Granted).SingleAsync());
}
