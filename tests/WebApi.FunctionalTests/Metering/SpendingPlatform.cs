using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>A platform in front of an upstream on loopback, with a clock that tests set, and an administrator who sets limits.</summary>
internal sealed class SpendingPlatform : IAsyncDisposable
{
    /// <summary>In the middle of a minute, a day and a month, wherever the zone lies.</summary>
    public static readonly DateTimeOffset Start = new(2025, 3, 12, 12, 0, 5, TimeSpan.Zero);

    private SpendingPlatform(TestPlatform platform, LoopbackUpstream upstream)
    {
        (Platform, Upstream) = (platform, upstream);
        Api = platform.Api();
    }

    public TestPlatform Platform { get; }

    public LoopbackUpstream Upstream { get; }

    public Api Api { get; }

    public static async Task<SpendingPlatform> StartAsync(DatabaseProvider database, params (string Key, string? Value)[] settings)
    {
        var upstream = await LoopbackUpstream.StartAsync();
        var platform = await TestPlatform.StartAsync(database, [.. Providers(upstream), .. settings]);
        platform.Clock.Set(Start);
        return new SpendingPlatform(platform, upstream);
    }

    /// <summary>The same on a port of its own, at the time that it is, and with a host for seed 003's proxy.</summary>
    public static async Task<SpendingPlatform> ListenAsync(DatabaseProvider database, params (string Key, string? Value)[] settings)
    {
        var upstream = await LoopbackUpstream.StartAsync();
        var platform = await TestPlatform.ListenAsync(
            database,
            [
                .. Providers(upstream),
                ("Providers:Glama:Endpoint", upstream.Endpoint),
                ("Providers:Glama:ApiKey", "key-of-a-test"),
                .. settings,
            ]);
        return new SpendingPlatform(platform, upstream);
    }

    /// <summary>Asks a model; a marker in the text tells the upstream which request it is.</summary>
    public Task<Answer> AskAsync(Person person, string text = "Hello", string path = "/llm/gpt-4o-mini", int? maxTokens = null)
    {
        var body = new JsonObject { ["user_input"] = text };
        if (maxTokens is { } most)
        {
            body["max_tokens"] = most;
        }

        return Api.PostAsync(path, body, token: person.Token);
    }

    /// <summary>A user with a fresh key and token at the time that the clock now shows.</summary>
    public Task<Person> UserAsync() => Api.UserAsync();

    public async Task<Guid> KeyOfAsync(Person person)
    {
        var standing = await StandingAsync("user", person.Id);
        return standing["api_keys"]!.AsArray().Single()!["key_id"]!.GetValue<Guid>();
    }

    public async Task<Guid> TeamOfAsync(params Person[] members)
    {
        var team = await Api.AdministerAsync("/admin/create-team", ("team_name", $"team-{Unique.Id():N}"));
        Assert.That(team.Status, Is.EqualTo(HttpStatusCode.Created), team.Text);
        var id = team["team_id"]!.GetValue<Guid>();
        foreach (var member in members)
        {
            var assigned = await Api.AdministerAsync("/admin/assign-team", ("user_id", member.Id.ToString()), ("team_id", id.ToString()));
            Assert.That(assigned.Status, Is.EqualTo(HttpStatusCode.OK), assigned.Text);
        }

        return id;
    }

    public async Task<Answer> SetLimitAsync(string ownerKind, Guid ownerId, string meter, long amount)
    {
        var answer = await ChangeAsync(
            HttpMethod.Put, "/admin/ledger/limits", Owner(ownerKind, ownerId, ("meter", meter), ("amount", amount)));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer;
    }

    public async Task FundAsync(string ownerKind, Guid ownerId, bool credits, bool wallet)
    {
        var answer = await ChangeAsync(
            HttpMethod.Put, "/admin/ledger/funding", Owner(ownerKind, ownerId, ("credits", credits), ("wallet", wallet)));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    public Task<Answer> GrantAsync(Guid userId, string meter, long amount, string reason = "Paid by invoice") => ChangeAsync(
        HttpMethod.Post, "/admin/ledger/grants", Owner("user", userId, ("meter", meter), ("amount", amount), ("reason", reason)));

    public async Task<Answer> StandingAsync(string ownerKind, Guid ownerId)
    {
        var answer = await Api.GetAsync($"/admin/ledger/accounts?owner_kind={ownerKind}&owner_id={ownerId}", TestPlatform.AdminKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer;
    }

    /// <summary>How an owner stands with one meter.</summary>
    public async Task<JsonNode> AccountAsync(string ownerKind, Guid ownerId, string meter) =>
        (await StandingAsync(ownerKind, ownerId))["accounts"]!.AsArray().Single(account => account!["meter"]!.GetValue<string>() == meter)!;

    public async Task<long> SpentAsync(string ownerKind, Guid ownerId, string meter) =>
        (await AccountAsync(ownerKind, ownerId, meter))["spent"]!.GetValue<long>();

    public static JsonObject Owner(string kind, Guid id, params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject { ["owner_kind"] = kind, ["owner_id"] = id.ToString() };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return body;
    }

    public async Task<Answer> ChangeAsync(HttpMethod method, string path, JsonObject body)
    {
        body["token"] = await Api.TokenAsync();
        return await Api.SendAsync(method, path, body, TestPlatform.AdminKey, token: null);
    }

    /// <summary>The entries that a call left, with the meters of their accounts.</summary>
    public Task<List<(Meter Meter, LedgerEntry Entry)>> EntriesAsync(Guid requestId) => Platform.QueryAsync(async db =>
    {
        var rows = await (
            from entry in db.Set<LedgerEntry>().AsNoTracking()
            join account in db.Set<LedgerAccount>() on entry.AccountId equals account.Id
            where entry.RequestId == requestId
            select new { account.Meter, Entry = entry }).ToListAsync();
        return rows.ConvertAll(row => (row.Meter, row.Entry));
    });

    private static IEnumerable<(string Key, string? Value)> Providers(LoopbackUpstream upstream) =>
    [
        ("Providers:OpenAI:Endpoint", upstream.Endpoint),
        ("Providers:OpenAI:ApiKey", "key-of-a-test"),
        ("Providers:Llama:Endpoint", upstream.Endpoint),
        ("Providers:Llama:ApiKey", "key-of-a-test"),
    ];

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
