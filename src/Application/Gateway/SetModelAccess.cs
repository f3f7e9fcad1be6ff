using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Sets which models a user or an API key may ask. A key's list and its user's both bind.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set allowed models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.OwnerNotFound), nameof(ModelErrors.UnknownModel))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SetModelAccessCommand : IRequest<ModelAccessList>, INamesAccessOwner
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

    /// <summary>Names or aliases of models of the catalogue; an empty list refuses every model.</summary>
    /// <example>["gpt-4o-mini", "text-embedding-3-small"]</example>
    [Required]
    [MaxLength(ModelAllowance.MaxModels)]
    public Supplied<IReadOnlyList<string>> Models { get; init; }
}

/// <summary>The models that an owner may ask.</summary>
/// <param name="OwnerKind">Whose list it is.</param>
/// <param name="OwnerId">The user or the key.</param>
/// <param name="Models">Public names, in lower case and alphabetical order.</param>
/// <param name="ActorId">The administrator who set it.</param>
/// <param name="ModifiedAt">When it last changed, UTC.</param>
public sealed record ModelAccessList(
    AllowanceOwnerKind OwnerKind, Guid OwnerId, IReadOnlyList<string> Models, Guid ActorId, DateTimeOffset ModifiedAt)
{
    internal static ModelAccessList Of(ModelAllowance list) => new(list.OwnerKind, list.OwnerId, list.Models, list.ActorId, list.ModifiedAt);
}

internal sealed class SetModelAccessValidator : AccessOwnerRules<SetModelAccessCommand>
{
    public SetModelAccessValidator()
    {
        RequireOwner(("models", command => command.Models));
        Require(
            command => command.Models.Value.Count <= ModelAllowance.MaxModels && command.Models.Value.All(ModelName.IsName),
            RequestErrors.Invalid($"models must be a list of at most {ModelAllowance.MaxModels} names of models"));
    }
}

internal sealed class SetModelAccessHandler(IGatewayDb db, ModelChanges changes, AccessOwners owners, CallRecord record, TimeProvider time)
    : IRequestHandler<SetModelAccessCommand, ModelAccessList>
{
    public async Task<ModelAccessList> Handle(SetModelAccessCommand command, CancellationToken cancellationToken)
    {
        var (kind, id) = await owners.GetAsync(command.OwnerKind.Value, command.OwnerId.Value, cancellationToken);
        var models = await PublicNamesAsync(command.Models.Value, cancellationToken);
        var (actor, now) = (record.RequiredCaller.UserId, time.GetUtcNow());
        var list = await db.ModelAllowances.FirstOrDefaultAsync(row => row.OwnerId == id && row.OwnerKind == kind, cancellationToken);
        if (list is null)
        {
            list = new ModelAllowance(kind, id, models, actor, now);
            db.ModelAllowances.Add(list);
        }
        else
        {
            list.ChangeTo(models, actor, now);
        }

        await changes.SaveAsync(cancellationToken);
        return ModelAccessList.Of(list);
    }

    /// <summary>The public names of what was sent; retired models are among them, as they may be offered again.</summary>
    private async Task<IReadOnlyList<string>> PublicNamesAsync(IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        var wanted = models.Select(ModelName.Normalise).Distinct().ToList();
        var known = await (
            from name in db.ModelNames
            join model in db.Models on name.ModelId equals model.Id
            where wanted.Contains(name.Name)
            select new { name.Name, Public = model.Name }).ToDictionaryAsync(name => name.Name, name => name.Public, cancellationToken);
        return [.. wanted.Select(name => known.GetValueOrDefault(name) ?? throw new RefusedException(ModelErrors.UnknownModel(name)))];
    }
}
