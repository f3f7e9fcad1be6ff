using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Clients that ask for streams and do not read them: no database has a part in it.</summary>
[NonParallelizable]
public sealed class SlowReaderTests
{
    private const int Readers = 200;
    private const int Offered = 64 * 1024 * 1024;

    /// <summary>What the sockets on the way of a stream may hold, and some to spare; what the platform holds is a hundredth of it.</summary>
    private const int MostOfAStream = 8 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Readers_WhoDoNotRead_HoldTheirProviderBackAndNobodyElse()
    {
        await using var platform = await SpendingPlatform.ListenAsync(DatabaseProvider.Sqlite);
        var surface = ModelSurface.Of("/v1/chat/completions");
        var person = await surface.PersonAsync(platform);
        var piece = $"data: {UpstreamEvents.Chunk(new string('x', 32 * 1024))}\n\n";
        var (begun, sent) = (0, 0L);
        platform.Upstream.When("unread", async (http, _) =>
        {
            Interlocked.Increment(ref begun);
            http.Response.ContentType = "text/event-stream";
            for (var mine = 0; mine < Offered; mine += piece.Length)
            {
                await http.Response.WriteAsync(piece, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                Interlocked.Add(ref sent, piece.Length);
            }
        });

        var clients = await Task.WhenAll(
            Enumerable.Range(0, Readers).Select(_ => surface.SendUnreadAsync(platform, person, surface.Body("unread", isStream: true))));
        try
        {
            await UntilStillAsync(() => (Volatile.Read(ref begun), Volatile.Read(ref sent)));
            var other = await platform.Api.SendAsync(surface.Request(person, surface.Body("another", isStream: false))).WaitAsync(Patience);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(begun, Is.EqualTo(Readers));
                Assert.That(sent / Readers, Is.LessThan(MostOfAStream));
                Assert.That(other.Status, Is.EqualTo(HttpStatusCode.OK), other.Text);
                Assert.That(ThreadPool.ThreadCount, Is.LessThan(Readers));
            }
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    /// <summary>Waits until all have begun and nothing moves any more.</summary>
    private static async Task UntilStillAsync(Func<(int Begun, long Sent)> read)
    {
        using var impatient = new CancellationTokenSource(Patience);
        for (var (before, still) = (read(), 0); still < 10; before = read())
        {
            await Task.Delay(200, impatient.Token);
            still = before.Begun == Readers && read() == before ? still + 1 : 0;
        }
    }
}
