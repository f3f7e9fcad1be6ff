using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Sets which metered endpoints a user may call.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set endpoint access")]
[Refuses(typeof(EndpointAccessErrors), nameof(EndpointAccessErrors.UserNotFound), nameof(EndpointAccessErrors.EndpointNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SetEndpointAccessCommand : IRequest<EndpointAccessList>
{
    /// <summary>Longest id that is looked up, in characters.</summary>
    public const int MaxIdLength = 100;

    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    [MaxLength(MaxIdLength)]
    public Supplied<string> UserId { get; init; }

    /// <summary><c>allow</c>: no endpoint but these; <c>deny</c>: every endpoint but these.</summary>
    /// <example>deny</example>
    [Required]
    [AllowedValues("allow", "deny")]
    public Supplied<string> Mode { get; init; }

    /// <summary>Rows of the endpoint catalogue, UUIDs.</summary>
    /// <example>["0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90"]</example>
    [Required]
    [MaxLength(EndpointAccess.MaxEndpoints)]
    public Supplied<IReadOnlyList<string>> EndpointIds { get; init; }
}

/// <summary>The endpoints that a user may call.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Mode">How the list is meant.</param>
/// <param name="Endpoints">Rows of the endpoint catalogue.</param>
/// <param name="ActorId">The administrator who set it.</param>
/// <param name="ModifiedAt">When it last changed, UTC.</param>
public sealed record EndpointAccessList(
    Guid UserId, EndpointAccessMode Mode, IReadOnlyList<Guid> Endpoints, Guid ActorId, DateTimeOffset ModifiedAt)
{
    internal static EndpointAccessList Of(EndpointAccess list) => new(list.UserId, list.Mode, list.Endpoints, list.ActorId, list.ModifiedAt);
}

internal sealed class SetEndpointAccessValidator : OrderedValidator<SetEndpointAccessCommand>
{
    public SetEndpointAccessValidator()
    {
        RequireBody();
        RequireFields(
            ("token", command => command.Token),
            ("user_id", command => command.UserId),
            ("mode", command => command.Mode),
            ("endpoint_ids", command => command.EndpointIds));
        RequireConfirmation(command => command.Token.Value);
        RequireText("user_id", command => command.UserId, SetEndpointAccessCommand.MaxIdLength);
        Require(command => command.Mode.Or(string.Empty) is "allow" or "deny", RequestErrors.Invalid("mode must be allow or deny"));
        Require(
            command => command.EndpointIds.Value.Count <= EndpointAccess.MaxEndpoints
                && command.EndpointIds.Value.All(id => id.Length <= SetEndpointAccessCommand.MaxIdLength),
            RequestErrors.Invalid($"endpoint_ids must be a list of at most {EndpointAccess.MaxEndpoints} IDs of endpoints"));
    }
}

internal sealed class SetEndpointAccessHandler(IOperationsDb db, IUserDirectory users, CallRecord record, IReadCache cache, TimeProvider time)
    : IRequestHandler<SetEndpointAccessCommand, EndpointAccessList>
{
    public async Task<EndpointAccessList> Handle(SetEndpointAccessCommand command, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(command.UserId.Value, cancellationToken)
            ?? throw new RefusedException(EndpointAccessErrors.UserNotFound(command.UserId.Value));
        var mode = command.Mode.Value is "allow" ? EndpointAccessMode.Allow : EndpointAccessMode.Deny;
        var endpoints = await EndpointsAsync(command.EndpointIds.Value, cancellationToken);
        var (actor, now) = (record.RequiredCaller.UserId, time.GetUtcNow());
        var list = await db.EndpointAccess.FirstOrDefaultAsync(row => row.UserId == user.UserId, cancellationToken);
        if (list is null)
        {
            list = new EndpointAccess(user.UserId, mode, endpoints, actor, now);
            db.EndpointAccess.Add(list);
        }
        else
        {
            list.ChangeTo(mode, endpoints, actor, now);
        }

        await cache.CommitAsync(db.SaveChangesAsync, ["endpoint_access"], cancellationToken);
        return EndpointAccessList.Of(list);
    }

    private async Task<IReadOnlyList<Guid>> EndpointsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Select(id => Guid.TryParseExact(id, "D", out var parsed)
            ? parsed
            : throw new RefusedException(EndpointAccessErrors.EndpointNotFound(id))).ToList();
        var known = await db.Endpoints.Where(row => wanted.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellationToken);
        return wanted.Exists(id => !known.Contains(id))
            ? throw new RefusedException(EndpointAccessErrors.EndpointNotFound(wanted.First(id => !known.Contains(id)).ToString("D")))
            : wanted;
    }
}
