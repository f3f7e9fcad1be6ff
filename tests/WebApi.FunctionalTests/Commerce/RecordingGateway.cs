using System.Collections.Concurrent;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>A payment gateway that takes every payment once an order, and remembers.</summary>
public sealed class RecordingGateway(PaidPeriod first) : IPlanPayments
{
    private readonly ConcurrentDictionary<string, PlanPayment> _orders = new();

    public bool AreConfigured => true;

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What is told of the last paid period; where nothing is set, that the subscription has ended.</summary>
    public PaidPeriod? Period { get; set; }

    public int PaymentCount => _orders.Count;

    public Task<PlanPayment> StartAsync(PlanOrder order, CancellationToken cancellationToken) => PayAsync("start", order);

    public Task<PlanPayment> UpgradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken) => PayAsync("upgrade", order);

    public Task DowngradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken)
    {
        Asked.Enqueue($"downgrade {order.PlanName}");
        return Task.CompletedTask;
    }

    public Task CancelAsync(string reference, CancellationToken cancellationToken)
    {
        Asked.Enqueue("cancel");
        return Task.CompletedTask;
    }

    public Task<GatewaySubscription?> FindAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult<GatewaySubscription?>(new GatewaySubscription(reference, null, null, Period, EndsWithPeriod: false));

    private Task<PlanPayment> PayAsync(string what, PlanOrder order)
    {
        Asked.Enqueue($"{what} {order.PlanName} {order.Price}");
        return Task.FromResult(_orders.GetOrAdd(order.IdempotencyKey, key => new PlanPayment($"sub_{key}", first)));
    }
}
