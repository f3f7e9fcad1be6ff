using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Slows down guessing at one account: soon from one address, later from all addresses together. The second wait is short and
/// spares addresses that the account was used from before, so that nobody can keep the owner out.
/// </summary>
internal sealed class SignInGuard(IIdentityDb db, ISecretIssuer secrets, ICallContext call, IFailureLimit failures, TimeProvider time)
{
    // Guesses that come at once must not count as one; more of them than these meet the limits of their address.
    private const int MostAttempts = 10;

    private static readonly Rule FromOneAddress = new(5, TimeSpan.FromMinutes(15));
    private static readonly Rule FromEverywhere = new(20, TimeSpan.FromMinutes(1));

    /// <summary>Refuses an attempt that comes too soon after too many failures.</summary>
    /// <param name="login">What the person calls the account, normalised; it need not exist.</param>
    /// <param name="user">The account, where there is one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">Not yet.</exception>
    public async Task ThrowIfTooSoonAsync(string login, User? user, CancellationToken cancellationToken)
    {
        failures.ThrowIfReached(call.IpAddress);
        var (pair, account) = Subjects(login);
        var known = await db.SignInThrottles.AsNoTracking().Where(row => row.Subject == pair || row.Subject == account).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        var wait = known.Find(row => row.Subject == pair)?.WaitAt(now) ?? TimeSpan.Zero;
        if (known.Find(row => row.Subject == account)?.WaitAt(now) is { } everywhere && everywhere > wait
            && !await WasUsedFromHereAsync(user, cancellationToken))
        {
            wait = everywhere;
        }

        if (wait > TimeSpan.Zero)
        {
            throw new RefusedException(SignInErrors.TooManyAttempts(wait));
        }
    }

    /// <summary>Counts a failure; it is committed whatever becomes of the call.</summary>
    public async Task CountAsync(string login, CancellationToken cancellationToken)
    {
        failures.Count(call.IpAddress);
        var (pair, account) = Subjects(login);
        await CountAsync(pair, FromOneAddress, cancellationToken);
        await CountAsync(account, FromEverywhere, cancellationToken);
    }

    /// <summary>Forgets the failures from this address.</summary>
    public Task ForgiveAsync(string login, CancellationToken cancellationToken)
    {
        var (pair, _) = Subjects(login);
        return db.SignInThrottles.Where(row => row.Subject == pair).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task CountAsync(string subject, Rule rule, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var row = await db.SignInThrottles.FirstOrDefaultAsync(known => known.Subject == subject, cancellationToken);
            if (row is null)
            {
                row = new SignInThrottle(subject);
                db.SignInThrottles.Add(row);
            }

            row.Fail(rule.Free, rule.Longest, time.GetUtcNow());
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException)
            {
                // Another attempt at the same instant counted first; this one counts on from there.
                db.SignInThrottles.Entry(row).State = EntityState.Detached;
            }
        }
    }

    private async Task<bool> WasUsedFromHereAsync(User? user, CancellationToken cancellationToken) =>
        user is not null && call.IpAddress is { } address
        && await db.Sessions.AnyAsync(session => session.UserId == user.Id && session.IpAddress == address, cancellationToken);

    private (string Pair, string Account) Subjects(string login) =>
        (secrets.Hash($"sign-in|{login}|{call.IpAddress}").Hash, secrets.Hash($"sign-in|{login}").Hash);

    private sealed record Rule(int Free, TimeSpan Longest);
}
