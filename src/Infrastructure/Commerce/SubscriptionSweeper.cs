using AiPlatform.Application.Commerce;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>Looks after subscriptions at start and every <see cref="PlanOptions.RenewalInterval"/>, so that a look that was missed is made good.</summary>
internal sealed partial class SubscriptionSweeper(
    IServiceScopeFactory scopes, IOptions<PlanOptions> options, TimeProvider time, ILogger<SubscriptionSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RenewalInterval, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ISubscriptionRenewal>().RenewDueAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Subscriptions could not be renewed; the next round tries again")]
    private partial void LogFailed(Exception exception);
}
