using System.Net;
using System.Text;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Providers that come to no end: each is left after its time or its bytes, and the client is told and pays what it got.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class EndlessUpstreamTests(DatabaseProvider database)
{
    private const string InTime = "in time";
    private const string InBytes = "in bytes";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private SpendingPlatform _platform = null!;

    private static IEnumerable<string> Surfaces => ModelSurface.Paths;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.ListenAsync(
        database,
        ("Providers:OpenAI:Responses", "false"),
        ("Providers:OpenAI:Timeout", "00:00:02"),
        ("Providers:OpenAI:StreamTimeout", "00:00:03"),
        ("Providers:Glama:Timeout", "00:00:02"),
        ("Providers:Glama:StreamTimeout", "00:00:03"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_OfCommentsForEver_EndsInTimeAndIsFree(string path)
    {
        var person = await AssertToldAsync(path, isStream: true, Events(": still here\n\n"), InTime);

        Assert.That(await SpentAsync(path, person), Is.Zero);
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_OfOneLineForEver_EndsWithinItsBytesAndIsFree(string path)
    {
        var person = await AssertToldAsync(path, isStream: true, Events(new string('x', 1024 * 1024)), InBytes);

        Assert.That(await SpentAsync(path, person), Is.Zero);
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_OfChunksForEver_EndsInTimeAndCostsWhatWasDelivered(string path)
    {
        var person = await AssertToldAsync(path, isStream: true, Events($"data: {UpstreamEvents.Chunk("word")}\n\n"), InTime);

        var usage = await _platform.Platform.QueryAsync(db => db.Set<UsageRecord>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));
        var surface = ModelSurface.Of(path);
        Assert.That(usage.AnswerTokens, Is.InRange(1, 100));
        Assert.That(
            await SpentAsync(path, person),
            Is.EqualTo((surface.PromptRate * usage.PromptTokens) + (surface.AnswerRate * usage.AnswerTokens)));
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_OfMoreThanIsPaid_CostsWhatWasSetAside(string path)
    {
        var person = await AssertToldAsync(path, isStream: true, Events($"data: {UpstreamEvents.Chunk(new string('x', 40_000))}\n\n"), InTime);

        var spent = await SpentAsync(path, person);
        var hold = await _platform.Platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.UserId == person.Id));
        var setAside = (await _platform.EntriesAsync(hold.RequestId)).Where(entry => entry.Entry.Kind is EntryKind.Hold);
        Assert.That(spent, Is.Positive);
        Assert.That(setAside.Select(entry => entry.Entry.HeldDelta), Does.Contain(spent));
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_WhoseClientDoesNotRead_EndsInTimeAndCostsWhatWasTaken(string path)
    {
        var surface = ModelSurface.Of(path);
        var person = await surface.PersonAsync(_platform);
        var (marker, left) = Watch(Events($"data: {UpstreamEvents.Chunk(new string('x', 1024 * 1024))}\n\n"));

        using var client = await surface.SendUnreadAsync(_platform, person, surface.Body(marker, isStream: true));
        await left.WaitAsync(Patience);

        var record = await RecordAsync(path, person);
        Assert.That((record.Status, record.Error), Is.EqualTo((408, "answer_not_taken: The answer was not read in time. Read it as it comes, or ask for a shorter one")));
        Assert.That(await SpentAsync(path, person), Is.Positive);
        Assert.That(await HeldAsync(path, person), Is.Zero);
        await AssertLoggedAsync($"Warning AiPlatform.WebApi.Shared.Calls.CallMiddleware Request {record.Id} could not be served: answer_not_taken");
        Assert.That(await RestAsync(client.GetStream()).WaitAsync(Patience), Does.Not.EndWith("0\r\n\r\n"), "The answer looks whole.");
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Answer_WithoutAnEnd_EndsInTimeAndIsFree(string path)
    {
        var person = await AssertToldAsync(path, isStream: false, Upstream.Drip(), InTime);

        Assert.That(await SpentAsync(path, person), Is.Zero);
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Answer_OfAHundredMegabytes_EndsWithinItsBytesAndIsFree(string path)
    {
        var person = await AssertToldAsync(path, isStream: false, Upstream.Huge(100 * 1024 * 1024), InBytes);

        Assert.That(await SpentAsync(path, person), Is.Zero);
    }

    /// <summary>Writes the same into a stream of events again and again, until nobody reads any more.</summary>
    private static UpstreamBehavior Events(string piece) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        while (true)
        {
            await http.Response.WriteAsync(piece, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(50, http.RequestAborted);
        }
    };

    /// <summary>
    /// Asks, and asserts that the client was told: by the status, or, where the answer had begun, by an event. The upstream was let
    /// go, and nothing stays set aside.
    /// </summary>
    private async Task<Person> AssertToldAsync(string path, bool isStream, UpstreamBehavior behavior, string bound)
    {
        var surface = ModelSurface.Of(path);
        var person = await surface.PersonAsync(_platform);
        var (marker, left) = Watch(behavior);

        using var request = surface.Request(person, surface.Body(marker, isStream));
        using var response = await _platform.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        var text = await TailAsync(response).WaitAsync(Patience);

        var (status, code) = bound == InTime ? (504, "provider_timeout") : (502, "provider_failed");
        Assert.That((int)response.StatusCode, Is.EqualTo(status).Or.EqualTo(isStream ? 200 : status), text);
        Assert.That(text, Does.Contain(path switch
        {
            "/v1/messages" => $"\"type\":\"error\",\"error\":{{\"type\":\"{(bound == InTime ? "timeout_error" : "api_error")}\",\"message\":\"The model provider",
            "/llm/chat/completions" when response.StatusCode is HttpStatusCode.OK => "data: {\"detail\":\"The model provider",
            "/llm/chat/completions" => $"{{\"detail\":\"Provider request {(bound == InTime ? "timed out" : "failed")}\"}}",
            _ => $"\"code\":\"{code}\"",
        }));
        Assert.That(text, Does.Not.Contain("[DONE]").And.Not.Contain("message_stop").And.Not.Contain("response.completed"));
        await left.WaitAsync(Patience);
        Assert.That(await HeldAsync(path, person), Is.Zero);
        return person;
    }

    /// <summary>Has the upstream answer in a way, and tell when its own client has left it.</summary>
    private (string Marker, Task Left) Watch(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        var left = new TaskCompletionSource();
        _platform.Upstream.When(marker, (http, request) =>
        {
            http.RequestAborted.Register(left.SetResult);
            return behavior(http, request);
        });
        return (marker, left.Task);
    }

    /// <summary>The last of an answer.</summary>
    private static async Task<string> TailAsync(HttpResponseMessage response)
    {
        const int kept = 4096;
        var tail = new StringBuilder();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var buffer = new char[kept];
        while (await reader.ReadAsync(buffer) is var read and > 0)
        {
            tail.Append(buffer, 0, read);
            tail.Remove(0, Math.Max(0, tail.Length - kept));
        }

        return tail.ToString();
    }

    /// <summary>What can be read of an answer until its end, or until its connection is cut.</summary>
    private static async Task<string> RestAsync(Stream answer)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await answer.ReadAsync(buffer) is var read and > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Cut.
        }

        return text.ToString();
    }

    private async Task AssertLoggedAsync(string line)
    {
        for (var patience = 0; patience < 400 && !_platform.Platform.Log.Text.Contains(line, StringComparison.Ordinal); patience++)
        {
            await Task.Delay(50);
        }

        Assert.That(_platform.Platform.Log.Text, Does.Contain(line));
    }

    private async Task<AuditRecord> RecordAsync(string path, Person person)
    {
        for (var patience = 0; patience < 400; patience++)
        {
            if (await _platform.Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
                .SingleOrDefaultAsync(record => record.UserId == person.Id && record.Path == path)) is { } record)
            {
                return record;
            }

            await Task.Delay(50);
        }

        throw new AssertionException("No record of the call was written.");
    }

    private async Task<long> HeldAsync(string path, Person person) =>
        (await _platform.AccountAsync("user", person.Id, ModelSurface.Of(path).Meter))["held"]!.GetValue<long>();

    private Task<long> SpentAsync(string path, Person person) => _platform.SpentAsync("user", person.Id, ModelSurface.Of(path).Meter);
}
