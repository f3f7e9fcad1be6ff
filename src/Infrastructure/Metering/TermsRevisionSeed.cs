using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Makes the one row, and tells the processes that run already of prices that this start has added.</summary>
internal static class TermsRevisionSeed
{
    public static async Task ApplyAsync(AppDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await db.Set<TermsRevision>().FirstOrDefaultAsync(cancellationToken) is { } revision)
        {
            revision.Advance(time.GetUtcNow());
        }
        else
        {
            db.Add(new TermsRevision(time.GetUtcNow()));
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
