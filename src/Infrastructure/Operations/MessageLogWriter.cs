using System.Threading.Channels;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>
/// One writer for all callers: while one commit is under way the next ones gather, so a burst costs few commits, and nobody is
/// told that a message is logged before it is.
/// </summary>
internal sealed partial class MessageLogWriter(IDbContextFactory<AppDbContext> contexts, ILogger<MessageLogWriter> logger)
    : BackgroundService, IMessageLog
{
    private const int MostWaiting = 1000;
    private const int MostAtOnce = 100;

    // A body has at most a megabyte; this bounds what the waiting ones take together.
    private const long MostCharacters = 32 * 1024 * 1024;

    private readonly Channel<Entry> _waiting =
        Channel.CreateBounded<Entry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private long _characters;

    public int Waiting => _waiting.Reader.Count;

    public async Task StoreAsync(MessageLog log, CancellationToken cancellationToken)
    {
        var entry = new Entry(log);
        if (Interlocked.Add(ref _characters, log.Messages.Length) > MostCharacters || !_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Add(ref _characters, -log.Messages.Length);
            throw new RefusedException(MessageLogErrors.Busy);
        }

        await entry.Stored.Task.WaitAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What waits is still stored; nothing new comes in.
        _waiting.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Entry>(MostAtOnce);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await StoreAsync(batch);
            batch.Clear();
        }
    }

    private async Task StoreAsync(List<Entry> batch)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync();
            db.AddRange(batch.Select(entry => entry.Log));
            await db.SaveChangesAsync();
            batch.ForEach(entry => entry.Stored.TrySetResult());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogFailed(failure, batch.Count);
            batch.ForEach(entry => entry.Stored.TrySetException(new RefusedException(MessageLogErrors.Busy, failure)));
        }
        finally
        {
            Interlocked.Add(ref _characters, -batch.Sum(entry => (long)entry.Log.Messages.Length));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages could not be logged; their callers were told so")]
    private partial void LogFailed(Exception exception, int count);

    private sealed record Entry(MessageLog Log)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
