using System.Globalization;
using AiPlatform.Application.Gateway.Translation;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Chooses the model of a request that names <c>auto</c>, by the same rule as a query's.</summary>
/// <param name="choice">Ranks the models that the caller may ask.</param>
/// <param name="catalogue">The models.</param>
/// <param name="call">The call.</param>
/// <param name="record">Where it is told how the model was chosen.</param>
internal sealed class AutoChoice(IModelChoice choice, IModelCatalogue catalogue, ICallContext call, CallRecord record)
{
    private const string Owner = "aiplatform";

    /// <summary>The models that serve the request's operation, the nearest first; none where none does.</summary>
    /// <param name="command">The request.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<IReadOnlyList<CatalogueModel>> ChooseAsync(RelayCommand command, CancellationToken cancellationToken)
    {
        var point = (command.Auto.IsGiven ? command.Auto.Value : new AutoPreferences()).Point;
        var ranked = await choice.RankAsync(point, route => Speaks(route, command.Rules.Operation), cancellationToken);
        var models = ranked.Select(model => catalogue.Find(model.Name)).OfType<CatalogueModel>().ToList();
        if (models.Count > 0)
        {
            record.Explain(Explanation(point, models.Select(model => model.Name)));
        }

        return models;
    }

    /// <summary><c>auto</c> as lists of models show it; <see langword="null"/> where there is nothing that the caller could be given.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<CatalogueModel?> ListedAsync(CancellationToken cancellationToken)
    {
        var ranked = await choice.RankAsync(new ChoicePoint(), route => Speaks(route, ProviderOperations.ChatCompletions), cancellationToken);
        return ranked.Count > 0
            ? new CatalogueModel(AutoFields.Name, Owner, [ModelCapability.Chat], [])
            {
                // Whichever is chosen writes as much.
                MaxAnswerTokens = catalogue.Models.Where(model => model.Capabilities.Contains(ModelCapability.Chat)).Min(model => model.MaxAnswerTokens),
            }
            : null;
    }

    private static string Explanation(ChoicePoint point, IEnumerable<string> candidates) => string.Create(
        CultureInfo.InvariantCulture,
        $"cost={point.Cost:0.######},quality={point.Performance:0.######},latency={point.Latency:0.######};candidates={string.Join(',', candidates)}");

    private bool Speaks(ServingRoute route, string operation) =>
        Translations.TryFind(operation, route.Provider, call.StartedAt, wantsUsage: false, out _);
}
