using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>A person's credit account of the current month, and what opening it grants.</summary>
/// <param name="Account">The account.</param>
/// <param name="OpeningGrant">The tier's monthly allowance, in thousandths of a credit.</param>
/// <param name="Month">The month, in the platform's time zone.</param>
/// <param name="TierDescription">What the tier is called.</param>
public sealed record CreditAccount(AccountKey Account, long OpeningGrant, CalendarMonth Month, string TierDescription);

/// <summary>Names the credit account that a person spends from now.</summary>
public interface IMonthlyCredits
{
    /// <summary>The account of the current month; a tier without an allowance gets the default one.</summary>
    /// <param name="owner">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CreditAccount> ForAsync(Caller owner, CancellationToken cancellationToken);
}
