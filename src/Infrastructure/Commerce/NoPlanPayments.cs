using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>Stands for the payment gateway where none is configured: nothing is bought.</summary>
internal sealed class NoPlanPayments : IPlanPayments
{
    public bool AreConfigured => false;

    public Task<PlanPayment> StartAsync(PlanOrder order, CancellationToken cancellationToken) => throw Refusal();

    public Task<PlanPayment> UpgradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken) => throw Refusal();

    public Task DowngradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken) => throw Refusal();

    public Task CancelAsync(string reference, CancellationToken cancellationToken) => throw Refusal();

    public Task<GatewaySubscription?> FindAsync(string reference, CancellationToken cancellationToken) => throw Refusal();

    private static RefusedException Refusal() => new(PlanErrors.PaymentsNotConfigured);
}
