using System.Net;
using System.Text.RegularExpressions;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>A stop while callers wait: whoever was let in gets an answer, and the process ends by itself in time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed partial class StopTests
{
    private const int Callers = 30;

    private string _folder = null!;
    private LoopbackUpstream _upstream = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("aiplatform-stop-").FullName;
        _upstream = await LoopbackUpstream.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Stop_WhenTheProviderAnswersInTime_WaitsForEveryAnswer()
    {
        _upstream.Behavior = async (http, request) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), http.RequestAborted);
            await Upstream.Ok()(http, request);
        };

        var (answers, ended) = await StopAmidCallsAsync("00:01:00", isStream: false);

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(ended.ExitCode, Is.Zero, ended.Errors);
    }

    [Test]
    public async Task Stop_WhenTheProviderDoesNotAnswerInTime_TellsEveryCallerAndChargesNobody()
    {
        _upstream.Behavior = Upstream.Hang();

        var (answers, ended) = await StopAmidCallsAsync("00:00:06", isStream: false);

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answers.Select(answer => answer.Text), Has.All.Contain("\"code\":\"stopping\""));
        Assert.That((ended.ExitCode, ended.Output.Contains("Exception", StringComparison.Ordinal)), Is.EqualTo((0, false)), ended.Output);
        await using var db = OpenDatabase();
        Assert.That(await db.Set<Hold>().CountAsync(hold => hold.State == HoldState.Released), Is.EqualTo(Callers));
        Assert.That(await db.Set<AuditRecord>().CountAsync(record => record.Status == 503 && record.Error!.StartsWith("stopping")), Is.EqualTo(Callers));
    }

    [Test]
    public async Task Stop_WhenAStreamComesToNoEnd_TellsEveryCallerWithinItAndChargesWhatCame()
    {
        _upstream.Behavior = UpstreamEvents.Pause("as far as", "it went");

        var (answers, ended) = await StopAmidCallsAsync("00:00:06", isStream: true);

        Assert.That(answers.Select(answer => answer.Text), Has.All.Contain("it went").And.All.Contain("\"code\":\"stopping\""));
        Assert.That((ended.ExitCode, ended.Output.Contains("Exception", StringComparison.Ordinal)), Is.EqualTo((0, false)), ended.Output);
        await using var db = OpenDatabase();
        Assert.That(await db.Set<Hold>().CountAsync(hold => hold.State == HoldState.Captured), Is.EqualTo(Callers));
    }

    /// <summary>Asks the process to stop when every caller's request has reached the provider.</summary>
    private async Task<(IReadOnlyList<(HttpStatusCode Status, string Text)> Answers, Ended Ended)> StopAmidCallsAsync(string timeout, bool isStream)
    {
        await using var server = ServerProcess.Start(
            _folder, "Development", "--Urls=http://127.0.0.1:0", $"--Platform:StopTimeout={timeout}", $"--Bootstrap:AdminApiKey={TestPlatform.AdminKey}",
            "--Providers:OpenAI:ApiKey=a-key", $"--Providers:OpenAI:Endpoint={_upstream.Endpoint}");
        var banner = await server.ReadUntilAsync("curl -s");
        using var http = new HttpClient { BaseAddress = new Uri(Address().Match(banner).Groups[1].Value) };
        var calls = Enumerable.Range(0, Callers).Select(_ => CallAsync(http, isStream)).ToList();
        while (_upstream.Requests.Count < Callers)
        {
            await Task.Delay(20);
        }

        var ended = await server.StopAsync();
        return (await Task.WhenAll(calls), ended);
    }

    private static async Task<(HttpStatusCode Status, string Text)> CallAsync(HttpClient http, bool isStream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new("Bearer", TestPlatform.AdminKey);
        request.Content = new StringContent(
            $$"""{"model":"gpt-4o-mini","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}""");
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private AppDbContext OpenDatabase() => new(new DbContextOptionsBuilder<AppDbContext>()
        .UseSqlite($"Data Source={Path.Combine(_folder, "data", "aiplatform.db")};Pooling=false")
        .Options);

    [GeneratedRegex(@"serves (http://\S+)")]
    private static partial Regex Address();
}
