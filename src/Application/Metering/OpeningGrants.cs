using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>Knows what accounts without a limit are opened with: the tier's credits, and nothing.</summary>
internal sealed class OpeningGrants(IUserDirectory users, IMonthlyCredits credits)
{
    /// <summary>What the account of a user is granted when the current period opens it.</summary>
    public async Task<long> OfAsync(LedgerOwner owner, Meter meter, CancellationToken cancellationToken) =>
        meter is Meter.Credits && await users.FindAsync(owner.Id.ToString("D"), cancellationToken) is { } user
            ? (await credits.ForAsync(user, cancellationToken)).OpeningGrant
            : 0;
}
