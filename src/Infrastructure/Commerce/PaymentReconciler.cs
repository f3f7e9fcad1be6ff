using System.Globalization;
using AiPlatform.Application.Commerce;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>Brings payments to an end whose outcome nobody heard.</summary>
internal sealed class PaymentReconciler(IServiceScopeFactory scopes) : IScheduledJob
{
    public string Name => "payment_reconciliation";

    public string Schedule => "0 0/5 * * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!scope.ServiceProvider.GetRequiredService<ICardPayments>().AreConfigured)
        {
            return "payments are not configured";
        }

        var done = await scope.ServiceProvider.GetRequiredService<IPaymentReconciliation>().ReconcileAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{done.TopUps} top-ups looked at, {done.Open} still open, {done.Events} events taken up");
    }
}
