using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Adds a model to the catalogue.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "manage models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.NameTaken))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record AddModelCommand : ModelFields, IRequest<ModelDetails>
{
    /// <summary>Public name; it never changes, and is unique over the names and aliases of all models.</summary>
    /// <example>documented-model</example>
    [Required]
    [MaxLength(AiModel.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>Models that are asked in the same way share one.</summary>
    /// <example>gpt-4o</example>
    [Required]
    [MaxLength(ModelTraits.MaxWordLength)]
    public Supplied<string> Family { get; init; }

    /// <summary>What it can be asked to do: any of chat, embeddings, images, completions, responses.</summary>
    /// <example>["chat"]</example>
    [Required]
    public Supplied<IReadOnlyList<string>> Capabilities { get; init; }
}

internal sealed class AddModelValidator : ModelFieldRules<AddModelCommand>
{
    public AddModelValidator()
    {
        RequireConfirmedBody();
        RequireFields(
            ("name", command => command.Name), ("family", command => command.Family), ("capabilities", command => command.Capabilities));
        Require(
            command => ModelName.IsName(command.Name.Value),
            RequestErrors.Invalid($"name must have 1 to {AiModel.MaxNameLength} letters, digits and . _ - : / @, and start with a letter or digit"));
        RequireTraits(command => command.Family, command => command.Capabilities);
        Require(
            command => !command.Aliases.Or([]).Select(ModelName.Normalise).Contains(ModelName.Normalise(command.Name.Value)),
            RequestErrors.Invalid("aliases must not repeat the model's name"));
    }
}

internal sealed class AddModelHandler(IGatewayDb db, ModelChanges changes, TimeProvider time) : IRequestHandler<AddModelCommand, ModelDetails>
{
    public async Task<ModelDetails> Handle(AddModelCommand command, CancellationToken cancellationToken)
    {
        var aliases = command.Aliases.Or([]);
        await changes.RequireFreeAsync(null, aliases.Append(command.Name.Value), cancellationToken);
        var traits = command.Over(new ModelTraits(command.Family.Value, CapabilityNames.All(command.Capabilities.Value)));
        var model = new AiModel(command.Name.Value, aliases, traits, command.RouteTermsOr([]), time.GetUtcNow());
        db.Models.Add(model);
        return await changes.SaveAsync(model, ModelChangeKind.Added, before: null, cancellationToken);
    }
}
