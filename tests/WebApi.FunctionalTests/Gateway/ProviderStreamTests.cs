using System.Text;
using System.Threading.Channels;
using AiPlatform.Application.Gateway;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>A streamed answer as its reader sees it: at once, with an end, and cancelled upstream when it is let go.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProviderStreamTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>();

    [Test]
    public async Task Stream_WhileItArrives_IsReadPieceByPiece()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time);
        await using var reply = await gateway.SendAsync(isStream: true);

        var (first, second) = (await NextAsync(reply, "data: 1"), await NextAsync(reply, "data: 2"));
        _pieces.Writer.Complete();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.ContentType, Is.EqualTo("text/event-stream"));
            Assert.That((first, second), Is.EqualTo(("data: 1", "data: 2")));
            Assert.That(await reply.ReadAsync(new byte[64], CancellationToken.None), Is.Zero);
        }
    }

    [Test]
    public async Task Stream_ThatIsSilentForTheIdleTimeout_EndsAsTimedOutAndIsCancelledUpstream()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time, ("IdleTimeout", "00:00:05"));
        await using var reply = await gateway.SendAsync(isStream: true);
        await NextAsync(reply, "data: 1");

        var waiting = reply.ReadAsync(new byte[64], CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4));
        var isPatient = !waiting.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(isPatient, Is.True);
        AssertUnreachable(waiting, ProviderFailure.TimedOut, mayHaveRun: true);
        await upstream.ClientLeft;
    }

    [Test]
    public async Task Stream_ThatKeepsComing_OutlastsTheTimeoutOfAWholeAnswerAndAReaderWhoPauses()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time, ("Timeout", "00:00:05"));
        await using var reply = await gateway.SendAsync(isStream: true);

        for (var piece = 0; piece < 5; piece++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.That(await NextAsync(reply, $"data: {piece}"), Is.EqualTo($"data: {piece}"));
        }
    }

    [Test]
    public async Task Stream_AfterTenMinutes_EndsHoweverMuchComes()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time);
        await using var reply = await gateway.SendAsync(isStream: true);

        _time.Advance(TimeSpan.FromMinutes(9));
        await NextAsync(reply, "data: 1");
        _time.Advance(TimeSpan.FromMinutes(1));

        AssertUnreachable(NextAsync(reply, "data: 2"), ProviderFailure.TimedOut, mayHaveRun: true);
        await upstream.ClientLeft;
    }

    [Test]
    public async Task Stream_WhoseStatusDoesNotComeInTime_TimesOut()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Hang());
        using var gateway = LoopbackGateway.Over(upstream, _time, ("Timeout", "00:00:05"));

        var sending = gateway.SendAsync(isStream: true);
        await upstream.Asked;
        _time.Advance(TimeSpan.FromSeconds(5));

        AssertUnreachable(sending, ProviderFailure.TimedOut, mayHaveRun: true);
        await upstream.ClientLeft;
    }

    [Test]
    public async Task Refusal_OfAStream_HasNoMoreTimeThanAWholeAnswer()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(async (http, request) =>
        {
            http.Response.StatusCode = 400;
            await Upstream.Pieces(_pieces.Reader)(http, request);
        });
        using var gateway = LoopbackGateway.Over(upstream, _time, ("Timeout", "00:00:05"));
        await using var reply = await gateway.SendAsync(isStream: true);

        var reading = reply.ReadBodyAsync(1000, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));

        AssertUnreachable(reading, ProviderFailure.TimedOut, mayHaveRun: true);
    }

    [Test]
    public async Task Reader_WhoLeavesWhileHeWaits_CancelsTheRequestUpstream()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time);
        await using var reply = await gateway.SendAsync(isStream: true);
        await NextAsync(reply, "data: 1");
        using var caller = new CancellationTokenSource();

        var waiting = reply.ReadAsync(new byte[64], caller.Token).AsTask();
        await caller.CancelAsync();

        var left = Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.That(left.CancellationToken, Is.EqualTo(caller.Token));
        await upstream.ClientLeft;
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Reply_DisposedBeforeItsEnd_CancelsTheRequestUpstream(bool isDripping)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(isDripping ? Upstream.Drip() : Upstream.Pieces(_pieces.Reader));
        using var gateway = LoopbackGateway.Over(upstream, _time);

        await using (await gateway.SendAsync(isStream: true))
        {
            Assert.That(upstream.Requests, Has.Count.EqualTo(1));
        }

        await upstream.ClientLeft;
    }

    [Test]
    public async Task Stream_CutOnItsWay_SaysThatItMayHaveRun()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await LoopbackUpstream.StartAsync(async (http, _) =>
        {
            await http.Response.WriteAsync("data: 1", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await cut.Task;
            http.Abort();
        });
        using var gateway = LoopbackGateway.Over(upstream, _time);
        await using var reply = await gateway.SendAsync(isStream: true);
        Assert.That(await reply.ReadAsync(new byte[64], CancellationToken.None), Is.Positive);

        cut.SetResult();

        AssertUnreachable(ReadToEndAsync(reply), ProviderFailure.Broken, mayHaveRun: true);
    }

    [Test]
    public async Task Stream_WithChunksThatAreNone_SaysThatItMayHaveRun()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.ChunkedGarbage());
        using var gateway = LoopbackGateway.Over(upstream, _time);
        await using var reply = await gateway.SendAsync(isStream: true);

        AssertUnreachable(ReadToEndAsync(reply), ProviderFailure.Broken, mayHaveRun: true);
    }

    [Test]
    public async Task Stream_CutBeforeItsStatus_IsNotRepeated()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.ResetBeforeHeaders());
        using var gateway = LoopbackGateway.Over(upstream, _time);

        AssertUnreachable(gateway.SendAsync(isStream: true), ProviderFailure.Broken, mayHaveRun: true);
        Assert.That(upstream.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Body_OfAHundredMegabytes_IsReadNoFurtherThanItsReaderReads()
    {
        const long size = 100L * 1024 * 1024;
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Huge(size));
        using var gateway = LoopbackGateway.Over(upstream, _time);

        await using (var reply = await gateway.SendAsync(isStream: true))
        {
            Assert.That(await reply.ReadAsync(new byte[1024], CancellationToken.None), Is.InRange(1, 1024));
        }

        await upstream.ClientLeft;
    }

    /// <summary>Sends a piece and reads it.</summary>
    private async Task<string> NextAsync(ProviderReply reply, string piece)
    {
        await _pieces.Writer.WriteAsync(piece);
        var (buffer, length) = (new byte[64], 0);
        while (length < piece.Length && await reply.ReadAsync(buffer.AsMemory(length), CancellationToken.None) is var read and > 0)
        {
            length += read;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task ReadToEndAsync(ProviderReply reply)
    {
        var buffer = new byte[64];
        while (await reply.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // What comes before the fault is of no interest here.
        }
    }

    private static void AssertUnreachable(Task call, ProviderFailure failure, bool mayHaveRun)
    {
        var unreachable = Assert.ThrowsAsync<ProviderUnreachableException>(() => call);
        Assert.That((unreachable.Failure, unreachable.MayHaveRun), Is.EqualTo((failure, mayHaveRun)));
    }
}
