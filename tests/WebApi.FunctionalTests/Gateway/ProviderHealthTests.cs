using System.Buffers;
using System.Net;
using System.Net.Sockets;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What a provider's calls show of it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProviderHealthTests
{
    private static readonly ProviderFailures None = new(0, 0, 0, 0, 0, 0, 0, 0);

    private static readonly Dictionary<int, (ProviderFailures Failures, ProviderState State)> Statuses = new()
    {
        [200] = (None, ProviderState.Healthy),
        [300] = (None with { ClientError = 1 }, ProviderState.Healthy),
        [400] = (None with { ClientError = 1 }, ProviderState.Healthy),
        [401] = (None with { Unauthorized = 1 }, ProviderState.Unhealthy),
        [403] = (None with { Unauthorized = 1 }, ProviderState.Unhealthy),
        [404] = (None with { ClientError = 1 }, ProviderState.Healthy),
        [429] = (None with { Throttled = 1 }, ProviderState.Unhealthy),
    };

    private static IEnumerable<int> AllStatuses => Statuses.Keys;

    [Test]
    public void Provider_BeforeAnyCall_IsIdle()
    {
        using var gateway = new LoopbackGateway(("Providers:OpenAI:ApiKey", LoopbackGateway.Key));

        var health = gateway.Health;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((health.State, health.Calls, health.InFlight), Is.EqualTo((ProviderState.Idle, 0, 0)));
            Assert.That((health.LastSuccess, health.LastFailure, health.MedianFirstByte), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, (TimeSpan?)null)));
            Assert.That(health.Circuits, Is.Empty);
        }
    }

    [TestCaseSource(nameof(AllStatuses))]
    public async Task Answer_OfAStatus_CountsInItsClass(int status)
    {
        var (failures, state) = Statuses[status];
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(status));
        using var gateway = LoopbackGateway.Over(upstream);

        await using (await gateway.SendAsync())
        {
            Assert.That(gateway.Health.InFlight, Is.EqualTo(1));
        }

        var health = gateway.Health;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(health.Failures, Is.EqualTo(failures));
            Assert.That((health.State, health.Calls, health.InFlight), Is.EqualTo((state, 1, 0)));
            Assert.That(health.LastSuccess is not null, Is.EqualTo(status == 200));
            Assert.That(health.LastFailure is not null, Is.EqualTo(status != 200));
            Assert.That(health.MedianFirstByte, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(health.Circuits, Is.EqualTo(new[] { new RouteCircuit("gpt-4o", CircuitPosition.Closed) }));
        }
    }

    [Test]
    public async Task Connection_ThatIsRefused_CountsOnceHoweverOftenItWasTried()
    {
        using var gateway = new LoopbackGateway(
            ("Providers:OpenAI:ApiKey", LoopbackGateway.Key), ("Providers:OpenAI:Endpoint", $"http://127.0.0.1:{ClosedPort()}"));

        Assert.That(async () => await gateway.SendAsync(), Throws.TypeOf<ProviderUnreachableException>());

        Assert.That((gateway.Health.Calls, gateway.Health.Failures), Is.EqualTo((1, None with { Refused = 1 })));
    }

    [Test]
    public async Task AnswerThatBreaksOff_AfterASuccessfulStatus_IsAFailure()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.ResetMidBody());
        using var gateway = LoopbackGateway.Over(upstream);

        await gateway.RefusalAsync();

        Assert.That((gateway.Health.State, gateway.Health.Failures), Is.EqualTo((ProviderState.Unhealthy, None with { Broken = 1 })));
    }

    [Test]
    public async Task CallOfACallerWhoLeft_IsNoFailure()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Hang());
        using var gateway = LoopbackGateway.Over(upstream);
        using var caller = new CancellationTokenSource();

        var asking = gateway.AskAsync(caller.Token);
        await upstream.Asked;
        await caller.CancelAsync();
        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());

        var health = gateway.Health;
        Assert.That((health.State, health.Abandoned, health.Failures), Is.EqualTo((ProviderState.Idle, 1, None)));
    }

    [Test]
    public async Task Calls_OfMoreThanFiveMinutesAgo_AreForgottenButForTheTimesOfTheLast()
    {
        var time = new FakeTimeProvider();
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, time);
        upstream.Next(Upstream.Status(401));

        await gateway.RefusalAsync();
        var failedAt = time.GetUtcNow();
        time.Advance(TimeSpan.FromMinutes(2));
        await gateway.AskAsync();
        await gateway.AskAsync();
        var mixed = gateway.Health;
        time.Advance(TimeSpan.FromMinutes(3));
        var recovered = gateway.Health;
        time.Advance(TimeSpan.FromMinutes(2));
        var forgotten = gateway.Health;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((mixed.State, mixed.Calls), Is.EqualTo((ProviderState.Degraded, 3)));
            Assert.That((recovered.State, recovered.Calls), Is.EqualTo((ProviderState.Healthy, 2)));
            Assert.That((forgotten.State, forgotten.Calls), Is.EqualTo((ProviderState.Idle, 0)));
            Assert.That(forgotten.LastFailure, Is.EqualTo(failedAt));
            Assert.That(forgotten.LastSuccess, Is.EqualTo(failedAt + TimeSpan.FromMinutes(2)));
        }
    }

    [Test]
    public async Task Route_ThatKeepsFailing_ShowsAnOpenCircuitAndCallsThatWereNotSent()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(500));
        using var gateway = LoopbackGateway.Over(upstream);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gateway.RefusalAsync()));
        await gateway.RefusalAsync();

        var health = gateway.Health;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(health.Circuits, Is.EqualTo(new[] { new RouteCircuit("gpt-4o", CircuitPosition.Open) }));
            Assert.That(health.Failures.NotSent, Is.Positive);
            Assert.That(health.Failures.NotSent + health.Failures.ServerError, Is.EqualTo(5));
        }
    }

    /// <summary>A host of many vendors is asked for whatever model a caller names.</summary>
    [Test]
    public async Task Routes_ThatCallersMakeUp_AreRememberedUpToABound()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream);

        for (var number = 0; number < 1_100; number++)
        {
            var call = new ProviderCall(ProviderOperations.ChatCompletions, $"made-up-{number}", new ReadOnlySequence<byte>("""{"model":"x"}"""u8.ToArray()));
            await using var reply = await gateway.Provider.SendAsync(call, CancellationToken.None);
            Assert.That(reply.Status, Is.EqualTo(200));
        }

        Assert.That(gateway.Health.Circuits, Has.Count.InRange(500, 1_000));
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
