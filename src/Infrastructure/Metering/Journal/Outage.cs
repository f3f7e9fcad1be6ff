using System.Data.Common;
using System.Net.Sockets;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// How long the journal waits for a database that has gone away: the steps that wait are paid for already, so they are worth
/// more patience than a single statement's time-out. One outage has one deadline, however many steps wait.
/// </summary>
/// <remarks>Whoever commits tells it; one at a time does.</remarks>
internal sealed class Outage(IOptions<MeteringOptions> options, TimeProvider time)
{
    private const int SqliteBusy = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan _patience = options.Value.OutagePatience;

    private long? _since;

    /// <summary>Whether a failure may pass by itself and there is patience left; if so, waits a little.</summary>
    public bool WaitOut(Exception failure)
    {
        if (!IsTransient(failure))
        {
            return false;
        }

        _since ??= time.GetTimestamp();
        if (time.GetElapsedTime(_since.Value) > _patience)
        {
            return false;
        }

        Thread.Sleep(Pause);
        return true;
    }

    /// <summary>The database answers again.</summary>
    public void Over() => _since = null;

    private static bool IsTransient(Exception? failure) => failure switch
    {
        null => false,
        SqliteException { SqliteErrorCode: SqliteBusy } => true,
        StaleRowException or DbException { IsTransient: true } or SocketException or IOException or TimeoutException => true,
        _ => IsTransient(failure.InnerException),
    };
}
