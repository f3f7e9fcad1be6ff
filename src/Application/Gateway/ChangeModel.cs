using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Changes a model. Fields that are not sent stay as they are; a list that is sent takes the place of the old one.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "manage models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.NotFound), nameof(ModelErrors.NameTaken))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record ChangeModelCommand : ModelFields, IRequest<ModelDetails>
{
    /// <summary>The model, from the path.</summary>
    [JsonIgnore]
    public string ModelId { get; init; } = string.Empty;

    /// <summary>Models that are asked in the same way share one.</summary>
    /// <example>gpt-4o</example>
    [MaxLength(ModelTraits.MaxWordLength)]
    public Supplied<string> Family { get; init; }

    /// <summary>What it can be asked to do: any of chat, embeddings, images, completions, responses.</summary>
    /// <example>["chat"]</example>
    public Supplied<IReadOnlyList<string>> Capabilities { get; init; }

    /// <summary>True offers a retired model again.</summary>
    /// <example>true</example>
    public Supplied<bool> Offered { get; init; }
}

internal sealed class ChangeModelValidator : ModelFieldRules<ChangeModelCommand>
{
    public ChangeModelValidator()
    {
        RequireConfirmedBody();
        RequireTraits(command => command.Family, command => command.Capabilities);
        Require(
            command => command.Offered.IsAbsentOr(offered => offered),
            RequestErrors.Invalid("offered must be true; DELETE /admin/models/{model_id} retires a model"));
    }
}

internal sealed class ChangeModelHandler(ModelChanges changes, TimeProvider time) : IRequestHandler<ChangeModelCommand, ModelDetails>
{
    public async Task<ModelDetails> Handle(ChangeModelCommand command, CancellationToken cancellationToken)
    {
        var model = await changes.GetAsync(command.ModelId, cancellationToken);
        var before = ModelDetails.Of(model);

        // The public name is no alias of itself; who sends it means that it finds the model, which it does.
        var aliases = command.Aliases.IsGiven
            ? command.Aliases.Value.Where(alias => ModelName.Normalise(alias) != ModelName.Normalise(model.Name)).ToList()
            : before.Aliases;
        await changes.RequireFreeAsync(model.Id, aliases, cancellationToken);
        var restored = !model.IsOffered && command.Offered.Or(false);
        if (restored)
        {
            model.Restore(time.GetUtcNow());
        }

        model.Change(aliases, TraitsOf(command, before), command.RouteTermsOr(TermsOf(before)), time.GetUtcNow());
        return await changes.SaveAsync(model, restored ? ModelChangeKind.Restored : ModelChangeKind.Changed, before, cancellationToken);
    }

    private static ModelTraits TraitsOf(ChangeModelCommand command, ModelDetails before) => command.Over(new ModelTraits(
        command.Family.Or(before.Family),
        command.Capabilities.IsGiven ? CapabilityNames.All(command.Capabilities.Value) : before.Capabilities)
    {
        ContextWindow = before.ContextWindow,
        MaxAnswerTokens = before.MaxAnswerTokens,
        OutputLimitField = before.OutputLimitField,
        QualityIndex = before.QualityIndex,
        MedianTokensPerSecond = before.MedianTokensPerSecond,
        MedianFirstChunkSeconds = before.MedianFirstChunkSeconds,
    });

    private static IReadOnlyList<RouteTerms> TermsOf(ModelDetails before) =>
    [
        .. before.Routes.Select(route => new RouteTerms(route.Provider, route.UpstreamModel)
        {
            Order = route.Order,
            Weight = route.Weight,
            Enabled = route.Enabled,
        }),
    ];
}
