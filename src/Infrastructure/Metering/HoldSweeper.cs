using AiPlatform.Application.Metering.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Resolves expired holds, at start and every <see cref="MeteringOptions.SweepInterval"/>. Any number of replicas may sweep at once.</summary>
internal sealed partial class HoldSweeper(
    IExpiredHolds holds, IOptions<MeteringOptions> options, TimeProvider time, ILogger<HoldSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
        {
            try
            {
                await holds.ResolveAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired holds could not be resolved; the next sweep tries again")]
    private partial void LogFailed(Exception exception);
}
