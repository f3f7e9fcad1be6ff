using System.Net;
using System.Net.Sockets;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>
/// What every fault of a provider, or of the caller, costs to the last entry: the hold, its entries, the balance and the audit
/// record tell the same story. The faults are spread over the models, so that no circuit opens.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class UpstreamFaultTests(DatabaseProvider database)
{
    private static readonly Dictionary<string, (string Route, UpstreamBehavior Behavior)> Faults = new()
    {
        ["resets before its headers"] = ("/llm/gpt-4o-mini", Upstream.ResetBeforeHeaders()),
        ["resets after its headers"] = ("/llm/gpt-4o", Upstream.ResetMidBody()),
        ["is silent beyond its time"] = ("/llm/o1-mini", Upstream.Hang()),
        ["comes to no end within its time"] = ("/llm/deepseek-r1", Upstream.Drip()),
        ["fails"] = ("/llm/gpt-4o-mini", Upstream.Status(500)),
        ["answers malformed JSON"] = ("/llm/gpt-4o", Upstream.Raw("{\"choices\":[{\"message\":{\"content\":\"half")),
        ["answers JSON without an answer"] = ("/llm/o1-mini", Upstream.Raw("{\"choices\":[]}")),
        ["refuses the connection"] = ("/llm/llama", Upstream.Ok()),
    };

    private LoopbackUpstream _upstream = null!;
    private TestPlatform _platform = null!;
    private Api _api = null!;

    private static IEnumerable<string> FaultNames => Faults.Keys;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync();
        _platform = await TestPlatform.ListenAsync(
            database,
            ("Providers:OpenAI:Endpoint", _upstream.Endpoint),
            ("Providers:OpenAI:ApiKey", LoopbackGateway.Key),
            ("Providers:OpenAI:Timeout", "00:00:02"),
            ("Providers:DeepSeek:Endpoint", _upstream.Endpoint),
            ("Providers:DeepSeek:ApiKey", LoopbackGateway.Key),
            ("Providers:DeepSeek:Timeout", "00:00:02"),
            ("Providers:Llama:Endpoint", $"http://127.0.0.1:{ClosedPort()}/v1"),
            ("Providers:Llama:ApiKey", LoopbackGateway.Key));
        _api = _platform.Api();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [TestCaseSource(nameof(FaultNames))]
    public async Task Call_WhenTheProvider_IsNotCharged(string fault)
    {
        var (route, behavior) = Faults[fault];
        var person = await _api.UserAsync();
        var marker = $"marker-{Unique.Id():N}";
        _upstream.When(marker, behavior);

        var answer = await _api.PostAsync(route, new { user_input = marker }, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError), answer.Text);
        await AssertReleasedAsync(person, "provider_failed", 500);
    }

    [TestCase("before the answer")]
    [TestCase("amid the answer")]
    public async Task Call_WhenItsCallerLeaves_IsNotCharged(string when)
    {
        var person = await _api.UserAsync();
        var marker = $"marker-{Unique.Id():N}";
        var asked = new TaskCompletionSource();
        _upstream.When(marker, async (http, _) =>
        {
            if (when == "amid the answer")
            {
                http.Response.ContentLength = 1_000;
                await http.Response.WriteAsync("{\"choices\":[", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }

            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });

        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(IPAddress.Loopback, _platform.Address.Port);
            await caller.GetStream().WriteAsync(Request(person.Token, $$"""{"user_input":"{{marker}}"}"""));
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await AssertReleasedAsync(person, "cancelled", 499);
    }

    [Test]
    public async Task Call_WhenTheProviderAnswersAtTheThirdTry_IsChargedOnce()
    {
        var person = await _api.UserAsync();
        var marker = $"marker-{Unique.Id():N}";
        var tries = 0;
        _upstream.When(marker, (http, request) => Interlocked.Increment(ref tries) < 3 ? Upstream.Status(503)(http, request) : Upstream.Ok()(http, request));

        var answer = await _api.PostAsync("/llm/deepseek-r1", new { user_input = marker }, token: person.Token);

        Assert.That((answer.Status, tries), Is.EqualTo((HttpStatusCode.OK, 3)), answer.Text);
        var books = await BooksOfAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((books.Hold.State, books.Record.Status, books.Record.Charged), Is.EqualTo((HoldState.Captured, 200, 1_000L)));
            Assert.That(books.Entries.Select(entry => entry.Kind), Is.EqualTo(new[] { EntryKind.Grant, EntryKind.Hold, EntryKind.Capture }));
            Assert.That((books.Account.Held, books.Account.Spent, books.Account.Available), Is.EqualTo((0L, 1_000L, 998_000L)));
        }
    }

    private static byte[] Request(string token, string body) => System.Text.Encoding.ASCII.GetBytes(
        $"POST /llm/gpt-4o-mini HTTP/1.1\r\nHost: localhost\r\nX-Token: {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private async Task AssertReleasedAsync(Person person, string reason, int status)
    {
        var books = await BooksOfAsync(person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((books.Hold.State, books.Hold.Reason), Is.EqualTo((HoldState.Released, reason)));
            Assert.That((books.Record.Status, books.Record.Charged, books.Record.HoldId), Is.EqualTo((status, 0L, (Guid?)books.Hold.Id)));
            Assert.That(books.Record.Id, Is.EqualTo(books.Hold.RequestId));
            Assert.That(books.Entries.Select(entry => entry.Kind), Is.EqualTo(new[] { EntryKind.Grant, EntryKind.Hold, EntryKind.Release }));
            Assert.That((books.Account.Held, books.Account.Spent, books.Account.Available), Is.EqualTo((0L, 0L, 999_000L)));
        }
    }

    /// <summary>Everything that the one model call of a person left, once its record is written.</summary>
    private async Task<(Hold Hold, AuditRecord Record, LedgerAccount Account, IReadOnlyList<LedgerEntry> Entries)> BooksOfAsync(Person person)
    {
        for (var patience = 0; patience < 200; patience++)
        {
            var record = await _platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
                .SingleOrDefaultAsync(record => record.UserId == person.Id && record.RouteKey!.StartsWith("llm.")));
            if (record is not null)
            {
                return await _platform.QueryAsync(async db => (
                    await db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.UserId == person.Id),
                    record,
                    await db.Set<LedgerAccount>().AsNoTracking().SingleAsync(account => account.OwnerId == person.Id),
                    (IReadOnlyList<LedgerEntry>)await db.Set<LedgerEntry>().AsNoTracking()
                        .Where(entry => db.Set<LedgerAccount>().Any(account => account.Id == entry.AccountId && account.OwnerId == person.Id))
                        .OrderBy(entry => entry.Sequence).ToListAsync()));
            }

            await Task.Delay(50);
        }

        throw new AssertionException("No record of the call was written.");
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
