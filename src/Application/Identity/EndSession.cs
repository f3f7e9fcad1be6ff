using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Ends one of the caller's own sessions; its tokens are refused everywhere within a second.</summary>
/// <param name="SessionId">The session as the client wrote it.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(EndSessionCommand), nameof(NotFound))]
public sealed record EndSessionCommand(string SessionId) : IRequest
{
    /// <summary>The caller has no such open session.</summary>
    public static readonly Error NotFound = new("session_not_found", ErrorKind.NotFound, "Session not found");
}

internal sealed class EndSessionHandler(Sessions sessions, CallRecord record) : IRequestHandler<EndSessionCommand, Unit>
{
    public async Task<Unit> Handle(EndSessionCommand command, CancellationToken cancellationToken)
    {
        if (!Accounts.TryReadId(command.SessionId, out var id)
            || !await sessions.EndAsync(record.RequiredCaller.UserId, id, cancellationToken))
        {
            throw new RefusedException(EndSessionCommand.NotFound);
        }

        return Unit.Value;
    }
}
