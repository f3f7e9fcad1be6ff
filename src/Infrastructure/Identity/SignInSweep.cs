using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Removes what signing in leaves behind, once it can no longer matter.</summary>
internal sealed class SignInSweep(IDbContextFactory<AppDbContext> contexts) : IScheduledJob
{
    // A session also says which addresses a person signs in from, and who knows that is not locked out by strangers.
    private static readonly TimeSpan Sessions = TimeSpan.FromDays(90);

    // A spent token that is presented again ends its session; after the session's end that means nothing.
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    public string Name => "expiry_sweep";

    public string Schedule => "0 10 * * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var (sessionsBefore, restBefore) = (dueAt - Sessions, dueAt - Rest);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tokens = await db.Set<RefreshToken>().Where(token => token.ExpiresAt < restBefore).ExecuteDeleteAsync(cancellationToken);
        var sessions = await db.Set<Session>().Where(session => session.ExpiresAt < sessionsBefore).ExecuteDeleteAsync(cancellationToken);
        var codes = await db.Set<EmailCode>().Where(code => code.ExpiresAt < restBefore).ExecuteDeleteAsync(cancellationToken);
        var throttles = await db.Set<SignInThrottle>()
            .Where(row => row.LastFailureAt < restBefore && row.BlockedUntil < restBefore)
            .ExecuteDeleteAsync(cancellationToken);
        return $"{sessions} sessions, {tokens} refresh tokens, {codes} codes and {throttles} throttles removed";
    }
}
