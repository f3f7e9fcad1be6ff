using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists the caller's own open sessions, newest first.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record ListSessionsQuery : IRequest<IReadOnlyList<SessionView>>
{
    /// <summary>Most sessions that are listed.</summary>
    public const int Most = 100;
}

/// <summary>An open session.</summary>
/// <param name="Id">The session.</param>
/// <param name="Method">How the person proved who they are.</param>
/// <param name="IpAddress">The client's address at sign-in.</param>
/// <param name="UserAgent">The client's <c>User-Agent</c> at sign-in.</param>
/// <param name="CreatedAt">When it was opened, UTC.</param>
/// <param name="ExpiresAt">When it ends at the latest, UTC.</param>
/// <param name="IsCurrent">Whether it is the one that asks.</param>
public sealed record SessionView(
    Guid Id, SignInMethod Method, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool IsCurrent);

internal sealed class ListSessionsHandler(IIdentityDb db, CallRecord record, TimeProvider time)
    : IRequestHandler<ListSessionsQuery, IReadOnlyList<SessionView>>
{
    public async Task<IReadOnlyList<SessionView>> Handle(ListSessionsQuery query, CancellationToken cancellationToken)
    {
        var (caller, now) = (record.RequiredCaller, time.GetUtcNow());
        return await db.Sessions
            .Where(session => session.UserId == caller.UserId && session.RevokedAt == null && session.ExpiresAt > now)
            .OrderByDescending(session => session.CreatedAt)
            .Take(ListSessionsQuery.Most)
            .Select(session => new SessionView(
                session.Id,
                session.Method,
                session.IpAddress,
                session.UserAgent,
                session.CreatedAt,
                session.ExpiresAt,
                session.Id == caller.SessionId))
            .ToListAsync(cancellationToken);
    }
}
