using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>Stands for the payment gateway where none is configured: no card is charged.</summary>
internal sealed class NoCardPayments : ICardPayments
{
    public bool AreConfigured => false;

    public Task<ChargeStanding> ChargeAsync(CardOrder order, CancellationToken cancellationToken) => throw Refusal();

    public Task<ChargeStanding?> FindAsync(Guid topUpId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        throw Refusal();

    public Task<ChargeStanding?> GetAsync(string chargeId, CancellationToken cancellationToken) => throw Refusal();

    private static RefusedException Refusal() => new(WalletErrors.NotConfigured);
}
