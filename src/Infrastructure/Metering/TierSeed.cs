using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>The tiers of seed 000. Rows are only added, so that an administrator's changes stay.</summary>
internal static class TierSeed
{
    private static readonly (int Tier, int MonthlyCredits, string Description)[] Tiers =
    [
        (0, 999_999, "Admin - Unlimited"),
        (1, 999, "Developer"),
        (2, 5_000, "Production Tier 3 - Basic"),
        (3, 10_000, "Production Tier 2 - Professional"),
        (4, 25_000, "Production Tier 1 - Enterprise"),
        (5, 100, "Test/Trial"),
    ];

    public static async Task ApplyAsync(AppDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await db.Set<TierAllowance>().Select(allowance => allowance.Tier).ToListAsync(cancellationToken);
        db.AddRange(Tiers
            .Where(row => !known.Contains(row.Tier))
            .Select(row => new TierAllowance(row.Tier, row.MonthlyCredits, row.Description, time.GetUtcNow())));
        await db.SaveChangesAsync(cancellationToken);
    }
}
