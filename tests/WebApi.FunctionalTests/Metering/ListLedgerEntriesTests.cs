using System.Net;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class ListLedgerEntriesTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Entries_WhenFilteredByUser_ListTheirsNewestFirstWithEveryField()
    {
        var (person, call) = await PersonWithCallAsync();

        var answer = await ListAsync($"user_id={person.Id}");

        var entries = answer["entries"]!.AsArray();
        Assert.That(entries.Select(entry => entry!["kind"]!.GetValue<string>()), Is.EqualTo(new[] { "capture", "hold", "grant" }));
        Assert.That(entries.Select(entry => entry!["sequence"]!.GetValue<long>()), Is.EqualTo(new[] { 3L, 2L, 1L }));
        Assert.That(
            entries[0]!.AsObject().Select(field => field.Key),
            Is.EqualTo(new[]
            {
                "entry_id", "account_id", "account", "sequence", "kind", "granted", "held", "spent", "available_after", "request_id",
                "hold_id", "price_version_id", "actor_id", "created_at",
            }));
        Assert.That(
            (entries[0]!["held"]!.GetValue<long>(), entries[0]!["spent"]!.GetValue<long>(), entries[0]!["available_after"]!.GetValue<long>()),
            Is.EqualTo((-5_000L, 5_000L, 994_000L)));
        Assert.That(entries[0]!["request_id"]!.GetValue<Guid>(), Is.EqualTo(call));
        Assert.That((answer["count"]!.GetValue<int>(), answer["has_more"]!.GetValue<bool>()), Is.EqualTo((3, false)));
    }

    [Test]
    public async Task Entries_WhenFilteredByTheirOtherFields_ListOnlyThose()
    {
        var (person, call) = await PersonWithCallAsync();
        var capture = (await ListAsync($"user_id={person.Id}&kind=capture"))["entries"]!.AsArray().Single()!;
        var made = Uri.EscapeDataString(capture["created_at"]!.GetValue<string>());

        Assert.That(await KindsAsync($"request_id={call}"), Is.EqualTo(new[] { "capture", "hold", "grant" }));
        Assert.That(await KindsAsync($"hold_id={capture["hold_id"]}"), Is.EqualTo(new[] { "capture", "hold" }));
        Assert.That(await KindsAsync($"hold_id={Unique.Id()}"), Is.Empty);
        Assert.That(await KindsAsync($"account_id={capture["account_id"]}&kind=grant"), Is.EqualTo(new[] { "grant" }));
        Assert.That(await KindsAsync($"user_id={person.Id}&meter=credits"), Has.Count.EqualTo(3));
        Assert.That(await KindsAsync($"user_id={person.Id}&meter=wallet"), Is.Empty);
        Assert.That(await KindsAsync($"user_id={person.Id}&from={made}"), Is.EqualTo(new[] { "capture" }));
        Assert.That(await KindsAsync($"user_id={person.Id}&to={made}"), Is.EqualTo(new[] { "hold", "grant" }));
    }

    [Test]
    public async Task Entries_WhenReadPageByPage_ShowEachOnce()
    {
        var account = Money.NewAccount();
        for (var number = 0; number < 4; number++)
        {
            await Money.Ledger(Platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 1_000, 10)), CancellationToken.None);
        }

        var pages = new[] { 1, 2, 3 }.Select(page => ListAsync($"user_id={account.OwnerId}&per_page=2&page={page}"));

        var answers = await Task.WhenAll(pages);
        Assert.That(
            answers.SelectMany(answer => answer["entries"]!.AsArray().Select(entry => entry!["sequence"]!.GetValue<long>())),
            Is.EqualTo(new[] { 5L, 4L, 3L, 2L, 1L }));
        Assert.That(answers.Select(answer => answer["has_more"]!.GetValue<bool>()), Is.EqualTo(new[] { true, true, false }));
    }

    [TestCase("user_id=x", "user_id must be a UUID")]
    [TestCase("account_id=x", "account_id must be a UUID")]
    [TestCase(
        "meter=gold",
        "meter must be one of: credits, wallet, tokens, conversations, key_budget, team_budget, requests_per_minute, tokens_per_minute")]
    [TestCase("meter=0", "meter must be one of: credits, wallet, tokens, conversations, key_budget, team_budget, requests_per_minute, tokens_per_minute")]
    [TestCase("kind=refund", "kind must be one of: grant, hold, capture, release, adjust, expire")]
    [TestCase("request_id=1", "request_id must be a UUID")]
    [TestCase("hold_id=1", "hold_id must be a UUID")]
    [TestCase("from=yesterday", "from must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("to=2025-02-30", "to must be a time such as 2025-03-05T12:00:00Z")]
    [TestCase("page=0", "page must be a number from 1 to 100000")]
    [TestCase("per_page=101", "per_page must be a number from 1 to 100")]
    public async Task Entries_WhenAFilterIsWrong_Is400(string query, string message) => (await ListAsync(query)).AssertBadRequest(message);

    [Test]
    public async Task Entries_WhenTheLastPageIsAsked_AreNone() =>
        Assert.That(await KindsAsync("page=100000&per_page=100"), Is.Empty);

    [Test]
    public async Task Entries_WhenTheCallerIsNoAdministrator_Are403()
    {
        (await Api.GetAsync("/admin/ledger/entries")).AssertUnauthenticated("Missing API Key header (API-Key)");
        (await Api.GetAsync("/admin/ledger/entries", (await Api.UserAsync()).ApiKey)).AssertForbidden("Admin privileges required to view the ledger");
    }

    private Task<Answer> ListAsync(string query) => Api.GetAsync($"/admin/ledger/entries?{query}", TestPlatform.AdminKey);

    private async Task<List<string>> KindsAsync(string query)
    {
        var answer = await ListAsync(query);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return [.. answer["entries"]!.AsArray().Select(entry => entry!["kind"]!.GetValue<string>())];
    }

    /// <summary>Somebody whose first call opened their account.</summary>
    private async Task<(Person Person, Guid Call)> PersonWithCallAsync()
    {
        var person = await Api.UserAsync();
        var answer = await Api.PostAsync("/llm/o1-mini", new { user_input = "Hello" }, token: person.Token);
        return (person, answer.RequestId());
    }
}
