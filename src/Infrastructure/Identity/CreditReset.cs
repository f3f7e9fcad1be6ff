using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Gives everybody the day's credits. Conversations need no such job: a day's first use opens its account.</summary>
internal sealed class CreditReset(IDbContextFactory<AppDbContext> contexts) : IScheduledJob
{
    public string Name => "daily_credits";

    public string Schedule => "0 0 0 * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var reset = await db.Set<PersonProfile>()
            .Where(profile => profile.Credits != profile.CreditsReset)
            .ExecuteUpdateAsync(set => set.SetProperty(profile => profile.Credits, profile => profile.CreditsReset), cancellationToken);
        return $"{reset} people have their credits anew";
    }
}
