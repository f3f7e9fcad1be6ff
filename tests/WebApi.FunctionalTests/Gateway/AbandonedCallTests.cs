using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A client that leaves: its request ends upstream too, it pays what it had got, and nothing stays set aside.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AbandonedCallTests(DatabaseProvider database)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SpendingPlatform _platform = null!;

    private static IEnumerable<string> Surfaces => ModelSurface.Paths;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await SpendingPlatform.ListenAsync(database, ("Providers:OpenAI:Responses", "false"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_WhenItsClientLeaves_EndsUpstreamAndCostsWhatWasDelivered(string path)
    {
        var asked = ModelSurface.Of(path);
        var person = await asked.PersonAsync(_platform);
        var (marker, left) = Watch(UpstreamEvents.Pause("twelve bytes", "and thirteen."));
        var body = asked.Body(marker, isStream: true);

        using (var http = new HttpClient { BaseAddress = _platform.Platform.Address })
        using (var response = await http.SendAsync(asked.Request(person, body), HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await ReadUntilAsync(reader, "and thirteen.");
        }

        await left.WaitAsync(Patience);
        var (hold, record, usage) = await BooksOfAsync(asked, person);
        using (Assert.EnterMultipleScope())
        {
            // Twenty-five bytes in two pieces: seven tokens.
            Assert.That((usage!.PromptTokens, usage.AnswerTokens), Is.EqualTo((ModelSurface.PromptTokensOf(body), 7L)));
            Assert.That((record.Status, hold.State), Is.EqualTo((499, HoldState.Captured)));
            await AssertPaidAsync(asked, person, asked.CostOf(body, 7));
            Assert.That(_platform.Platform.Log.Text, Does.Not.Contain("StatusCode cannot be set"), "a caller who leaves is no failure");
        }
    }

    [TestCaseSource(nameof(Surfaces))]
    public async Task Stream_WhenItsClientLeavesBeforeAnything_EndsUpstreamAndIsFree(string path) =>
        await AssertFreeAsync(ModelSurface.Of(path), isStream: true, UpstreamEvents.Pause());

    [TestCaseSource(nameof(Surfaces))]
    public async Task Answer_WhenItsClientLeavesBeforeIt_EndsUpstreamAndIsFree(string path) =>
        await AssertFreeAsync(ModelSurface.Of(path), isStream: false, Upstream.Hang());

    [TestCaseSource(nameof(Surfaces))]
    public async Task Answer_WhenItsClientLeavesAmidIt_EndsUpstreamAndIsFree(string path) =>
        await AssertFreeAsync(ModelSurface.Of(path), isStream: false, Upstream.Drip());

    private async Task AssertFreeAsync(ModelSurface asked, bool isStream, UpstreamBehavior behavior)
    {
        var person = await asked.PersonAsync(_platform);
        var begun = new TaskCompletionSource();
        var (marker, left) = Watch((http, request) =>
        {
            begun.SetResult();
            return behavior(http, request);
        });

        using var leaving = new CancellationTokenSource();
        using (var http = new HttpClient { BaseAddress = _platform.Platform.Address })
        {
            var sending = http.SendAsync(asked.Request(person, asked.Body(marker, isStream)), leaving.Token);
            await begun.Task.WaitAsync(Patience);
            await leaving.CancelAsync();
            Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        }

        await left.WaitAsync(Patience);
        var (hold, record, usage) = await BooksOfAsync(asked, person);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((record.Status, hold.State, hold.Reason, usage), Is.EqualTo((499, HoldState.Released, "cancelled", (UsageRecord?)null)));
            await AssertPaidAsync(asked, person, 0);
        }
    }

    /// <summary>Has the upstream answer in a way, and tell when its own client has left it.</summary>
    private (string Marker, Task Left) Watch(UpstreamBehavior behavior)
    {
        var marker = $"marker-{Unique.Id():N}";
        var left = new TaskCompletionSource();
        _platform.Upstream.When(marker, async (http, request) =>
        {
            try
            {
                await behavior(http, request);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                left.SetResult();
            }
        });
        return (marker, left.Task);
    }

    private static async Task ReadUntilAsync(StreamReader reader, string text)
    {
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new AssertionException($"The stream ended before '{text}' had come.");
    }

    private async Task AssertPaidAsync(ModelSurface surface, Person person, long cost)
    {
        var account = await _platform.AccountAsync("user", person.Id, surface.Meter);
        Assert.That((account["spent"]!.GetValue<long>(), account["held"]!.GetValue<long>()), Is.EqualTo((cost, 0L)));
    }

    /// <summary>What the one call of a person left, once its record is written.</summary>
    private async Task<(Hold Hold, AuditRecord Record, UsageRecord? Usage)> BooksOfAsync(ModelSurface surface, Person person)
    {
        for (var patience = 0; patience < 400; patience++)
        {
            var record = await _platform.Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking()
                .SingleOrDefaultAsync(record => record.UserId == person.Id && record.Path == surface.Path));
            if (record is not null)
            {
                return await _platform.Platform.QueryAsync(async db => (
                    await db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.UserId == person.Id),
                    record,
                    await db.Set<UsageRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.UserId == person.Id)));
            }

            await Task.Delay(50);
        }

        throw new AssertionException("No record of the call was written.");
    }
}
