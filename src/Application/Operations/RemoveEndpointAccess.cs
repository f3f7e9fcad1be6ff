using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Removes a user's list of endpoints: every metered endpoint is open to them again.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set endpoint access")]
[Refuses(typeof(EndpointAccessErrors), nameof(EndpointAccessErrors.NotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record RemoveEndpointAccessCommand : IRequest<EndpointAccessList>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    [MaxLength(SetEndpointAccessCommand.MaxIdLength)]
    public Supplied<string> UserId { get; init; }
}

internal sealed class RemoveEndpointAccessValidator : OrderedValidator<RemoveEndpointAccessCommand>
{
    public RemoveEndpointAccessValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("user_id", command => command.UserId));
        RequireConfirmation(command => command.Token.Value);
    }
}

internal sealed class RemoveEndpointAccessHandler(IOperationsDb db, IReadCache cache)
    : IRequestHandler<RemoveEndpointAccessCommand, EndpointAccessList>
{
    public async Task<EndpointAccessList> Handle(RemoveEndpointAccessCommand command, CancellationToken cancellationToken)
    {
        var list = Guid.TryParseExact(command.UserId.Value, "D", out var id)
            ? await db.EndpointAccess.FirstOrDefaultAsync(row => row.UserId == id, cancellationToken)
            : null;
        db.EndpointAccess.Remove(list ?? throw new RefusedException(EndpointAccessErrors.NotFound));
        await cache.CommitAsync(db.SaveChangesAsync, ["endpoint_access"], cancellationToken);
        return EndpointAccessList.Of(list);
    }
}
