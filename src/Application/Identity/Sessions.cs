using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>What somebody who signed in is given.</summary>
/// <param name="User">The account.</param>
/// <param name="AccessToken">The session token (JWT).</param>
/// <param name="LifetimeSeconds">How long it is good for.</param>
/// <param name="RefreshToken">What prolongs the session; <see langword="null"/> where it was not asked for.</param>
internal sealed record SignedIn(User User, string AccessToken, int LifetimeSeconds, string? RefreshToken);

/// <summary>Opens, prolongs and ends sessions.</summary>
internal sealed class Sessions(IIdentityDb db, ISessionTokens tokens, ISecretIssuer secrets, ISessionPolicy policy, SessionClock clock)
{
    /// <summary>Signs an account in and saves what changed.</summary>
    /// <param name="user">The account, tracked.</param>
    /// <param name="method">How the person proved who they are.</param>
    /// <param name="refreshable">Whether the session is given a refresh token.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public async Task<SignedIn> OpenAsync(User user, SignInMethod method, bool refreshable, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var session = new Session(user.Id, method, now, refreshable ? policy.RefreshTokenLifetime : policy.AccessTokenLifetime);
        session.OpenFrom(clock.IpAddress, clock.UserAgent);
        user.SignIn(now);
        db.Sessions.Add(session);
        var refresh = refreshable ? AddRefreshToken(session, now) : null;
        await db.SaveChangesAsync(cancellationToken);
        return await IssueAsync(user, session, refresh, now, cancellationToken);
    }

    /// <summary>
    /// Signs in whoever proved just now that the account's address is theirs, and saves what changed. At the first proof whatever
    /// a stranger could come in by, who registered the address before its owner came, ends in the same commit.
    /// </summary>
    /// <param name="user">The account, tracked.</param>
    /// <param name="method">How the person proved it.</param>
    /// <param name="refreshable">Whether the session is given a refresh token.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public async Task<SignedIn> OpenProvenAsync(User user, SignInMethod method, bool refreshable, CancellationToken cancellationToken)
    {
        var isFirst = user.ProveEmail(method, clock.Now);
        if (isFirst)
        {
            await RevokeAllAsync(user.Id, except: null, cancellationToken);
            await RevokeSecretsAsync(user.Id, cancellationToken);
        }

        var signedIn = await OpenAsync(user, method, refreshable, cancellationToken);
        if (isFirst)
        {
            clock.Forget();
        }

        return signedIn;
    }

    /// <summary>Exchanges a refresh token. One that was exchanged before ends its session.</summary>
    /// <param name="secret">The token as presented.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException">The token is good for nothing.</exception>
    public async Task<SignedIn> RefreshAsync(string secret, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var hash = secrets.Hash(secret).Hash;
        var presented = await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(token => token.Hash == hash, cancellationToken);
        var session = presented is null
            ? null
            : await db.Sessions.FirstOrDefaultAsync(known => known.Id == presented.SessionId, cancellationToken);
        if (presented is null || session is null || !session.IsOpen(now) || presented.IsExpired(now))
        {
            throw new RefusedException(SignInErrors.InvalidRefreshToken);
        }

        // Of two at once one spends it; the other has a spent one.
        var spent = await db.RefreshTokens
            .Where(token => token.Id == presented.Id && token.SpentAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.SpentAt, now), cancellationToken);
        if (spent == 0)
        {
            session.Revoke(now);
            await db.SaveChangesAsync(cancellationToken);
            clock.Forget();
            throw new RefusedException(SignInErrors.InvalidRefreshToken);
        }

        var user = await db.Users.FirstOrDefaultAsync(
            known => known.Id == session.UserId && known.Active && known.DeletedAt == null, cancellationToken)
            ?? throw new RefusedException(SignInErrors.InvalidRefreshToken);
        var next = AddRefreshToken(session, now);
        await db.SaveChangesAsync(cancellationToken);
        return await IssueAsync(user, session, next, now, cancellationToken);
    }

    /// <summary>Ends one session of an account.</summary>
    /// <returns>Whether it was open.</returns>
    public async Task<bool> EndAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken)
    {
        var session = await db.Sessions.FirstOrDefaultAsync(known => known.Id == sessionId && known.UserId == userId, cancellationToken);
        if (session?.IsOpen(clock.Now) is not true)
        {
            return false;
        }

        session.Revoke(clock.Now);
        await db.SaveChangesAsync(cancellationToken);
        clock.Forget();
        return true;
    }

    /// <summary>Marks the open sessions of an account as ended, but for one; the caller saves and forgets.</summary>
    public async Task RevokeAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var open = await db.Sessions
            .Where(session => session.UserId == userId && session.Id != except && session.RevokedAt == null && session.ExpiresAt > now)
            .ToListAsync(cancellationToken);
        open.ForEach(session => session.Revoke(now));
    }

    private async Task RevokeSecretsAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var issued = await db.AccessTokens.Where(token => token.UserId == userId && token.RevokedAt == null).ToListAsync(cancellationToken);
        issued.ForEach(token => token.Revoke(now));
        var keys = await db.ApiKeys.Where(key => key.UserId == userId && key.RevokedAt == null).ToListAsync(cancellationToken);
        keys.ForEach(key => key.Revoke(now));
    }

    private string AddRefreshToken(Session session, DateTimeOffset now)
    {
        var secret = secrets.NewAccessToken();
        db.RefreshTokens.Add(new RefreshToken(session, secrets.Hash(secret).Hash, now));
        return secret;
    }

    private async Task<SignedIn> IssueAsync(
        User user, Session session, string? refresh, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var expiresAt = now + policy.AccessTokenLifetime is var end && end < session.ExpiresAt ? end : session.ExpiresAt;
        var token = await tokens.SignAsync(new SessionClaims(user.Id, session.Id, now, expiresAt), cancellationToken);
        return new SignedIn(user, token, (int)(expiresAt - now).TotalSeconds, refresh);
    }
}

/// <summary>When and from where a session is used, and who has to hear that one ended.</summary>
internal sealed class SessionClock(ICallContext call, IReadCache cache, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public string? IpAddress => AuditText.Cut(call.IpAddress, Session.MaxIpAddressLength);

    public string? UserAgent => AuditText.Cut(call.UserAgent, Session.MaxUserAgentLength);

    /// <summary>Refuses the tokens of ended sessions in this process at once.</summary>
    public void Forget() => cache.Forget();
}
