using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Removes a list of allowed models: its owner may ask every model again.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set allowed models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.AccessNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record RemoveModelAccessCommand : IRequest<ModelAccessList>, INamesAccessOwner
{
    /// <inheritdoc/>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <inheritdoc/>
    /// <example>api_key</example>
    [Required]
    [AllowedValues("user", "api_key")]
    public Supplied<string> OwnerKind { get; init; }

    /// <inheritdoc/>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(AccessOwners.MaxIdLength)]
    public Supplied<string> OwnerId { get; init; }
}

internal sealed class RemoveModelAccessValidator : AccessOwnerRules<RemoveModelAccessCommand>
{
    public RemoveModelAccessValidator() => RequireOwner();
}

internal sealed class RemoveModelAccessHandler(IGatewayDb db, ModelChanges changes) : IRequestHandler<RemoveModelAccessCommand, ModelAccessList>
{
    public async Task<ModelAccessList> Handle(RemoveModelAccessCommand command, CancellationToken cancellationToken)
    {
        // The owner may be gone; their list can be removed all the same.
        var kind = AccessOwnerNames.Find(command.OwnerKind.Value);
        var list = Guid.TryParseExact(command.OwnerId.Value, "D", out var id)
            ? await db.ModelAllowances.FirstOrDefaultAsync(row => row.OwnerId == id && row.OwnerKind == kind, cancellationToken)
            : null;
        db.ModelAllowances.Remove(list ?? throw new RefusedException(ModelErrors.AccessNotFound));
        await changes.SaveAsync(cancellationToken);
        return ModelAccessList.Of(list);
    }
}
