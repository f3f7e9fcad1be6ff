using AiPlatform.Domain.Commerce;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>The plans of seed 003. Rows are only added, so that changes of an administrator stay.</summary>
internal static class PlanSeed
{
    public static async Task ApplyAsync(AppDbContext db, PlanOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await db.Set<Plan>().Select(plan => plan.Name).ToListAsync(cancellationToken);
        db.AddRange(Offered(options, time.GetUtcNow()).Where(plan => !known.Contains(plan.Name)));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static IEnumerable<Plan> Offered(PlanOptions options, DateTimeOffset now)
    {
        yield return Describe(new Plan(Plan.Free, "Free", 10_000, 0, now), "10,000 tokens a month");
        yield return Describe(new Plan("pro", "Pro", 500_000, PlanOptions.NanoDollars(options.ProPrice), now), "500,000 tokens a month");
        yield return Describe(new Plan("ultra", "Ultra", 2_000_000, PlanOptions.NanoDollars(options.UltraPrice), now), "2,000,000 tokens a month");
    }

    private static Plan Describe(Plan plan, string tokens)
    {
        plan.Describe(tokens, "All models of all hosts", "API keys");
        return plan;
    }
}
