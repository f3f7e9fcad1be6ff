using AiPlatform.Application.Gateway;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A provider that takes only so many calls at a time.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProviderConcurrencyTests
{
    private static readonly (string Key, string Value) OneAtATime = ("MaxConcurrency", "1");

    private readonly FakeTimeProvider _time = new();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Call_AboveTheLimit_WaitsUntilAReplyIsDisposed(bool isStream)
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, _time, OneAtATime);

        var first = await gateway.SendAsync(isStream);
        var second = gateway.SendAsync(isStream);
        var (waits, asked, inFlight) = (!second.IsCompleted, upstream.Requests.Count, gateway.Health.InFlight);
        await first.DisposeAsync();
        await using var reply = await second;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((waits, asked, inFlight), Is.EqualTo((true, 1, 2)));
            Assert.That(reply.IsSuccess, Is.True);
            Assert.That(upstream.Requests, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task Call_WhoseTurnDoesNotCome_GoesToTheNextRoute()
    {
        await using var busy = await LoopbackUpstream.StartAsync();
        await using var other = await LoopbackUpstream.StartAsync();
        using var gateway = new LoopbackGateway(
            _time,
            ("Providers:AzureOpenAI:Endpoint", busy.Address.AbsoluteUri),
            ("Providers:AzureOpenAI:ApiKey", LoopbackGateway.Key),
            ("Providers:AzureOpenAI:MaxConcurrency", "1"),
            ("Providers:OpenAI:Endpoint", other.Endpoint),
            ("Providers:OpenAI:ApiKey", LoopbackGateway.Key));

        await using var first = await gateway.SendAsync();
        var asking = gateway.AskAsync();
        _time.Advance(TimeSpan.FromSeconds(5));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await asking).Provider, Is.EqualTo("OpenAI"));
            Assert.That(busy.Requests, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Call_WithNoTimeToWait_IsRefusedAtOnceAsNotSent()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, _time, OneAtATime, ("QueueTimeout", "00:00:00"));
        await using var first = await gateway.SendAsync();

        var refused = Assert.ThrowsAsync<ProviderUnreachableException>(() => gateway.SendAsync());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Failure, refused.MayHaveRun), Is.EqualTo((ProviderFailure.NotSent, false)));
            Assert.That(gateway.Health.Failures.NotSent, Is.EqualTo(1));
            Assert.That(upstream.Requests, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Caller_WhoLeavesTheLine_LeavesItToTheOthers()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, _time, OneAtATime);
        using var caller = new CancellationTokenSource();

        var first = await gateway.SendAsync();
        var second = gateway.SendAsync(cancellationToken: caller.Token);
        var third = gateway.SendAsync();
        await caller.CancelAsync();
        await first.DisposeAsync();

        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        await using var reply = await third;
        Assert.That(upstream.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Call_AfterManyThatFailed_HasItsTurn()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, _time, OneAtATime);
        upstream.Next(Upstream.ResetBeforeHeaders(), Upstream.ResetBeforeHeaders(), Upstream.ResetBeforeHeaders());

        for (var call = 0; call < 3; call++)
        {
            Assert.That(async () => await gateway.SendAsync(), Throws.TypeOf<ProviderUnreachableException>());
        }

        await using var reply = await gateway.SendAsync();
        Assert.That(reply.IsSuccess, Is.True);
    }
}
