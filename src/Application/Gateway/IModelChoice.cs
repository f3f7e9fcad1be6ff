using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Gateway;

/// <summary>Chooses a chat model for whoever calls, by price, quality and latency.</summary>
public interface IModelChoice
{
    /// <summary>
    /// The nearest models that the caller may ask and a provider serves, nearest first. Every offered chat model that is sold by
    /// the token is compared, so that the scale does not depend on who calls.
    /// </summary>
    /// <param name="point">Where the caller wants to be.</param>
    /// <param name="canAsk">Whether a route serves what is asked for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>At most <see cref="ModelChoice.Candidates"/>; none where none can be asked.</returns>
    Task<IReadOnlyList<RankedModel>> RankAsync(ChoicePoint point, Func<ServingRoute, bool> canAsk, CancellationToken cancellationToken);
}

internal sealed class CallerModelChoice(
    IModelCatalogue catalogue, IModelProviders providers, IModelPrices prices, IModelAccess access, CallRecord record) : IModelChoice
{
    public async Task<IReadOnlyList<RankedModel>> RankAsync(ChoicePoint point, Func<ServingRoute, bool> canAsk, CancellationToken cancellationToken)
    {
        var models = catalogue.Models.Where(model => model.Capabilities.Contains(ModelCapability.Chat)).ToList();
        var rows = new List<ChoiceRow>(models.Count);
        foreach (var model in models)
        {
            if (await prices.InForceAsync(model.Name, cancellationToken) is { InputPerMillion: { } input, AnswerPerMillion: { } answer })
            {
                rows.Add(new ChoiceRow(model.Name, Blended(input, answer), model.QualityIndex, model.MedianFirstChunkSeconds));
            }
        }

        var allowed = await access.OfAsync(record.RequiredCaller, cancellationToken);
        var served = Served(models, canAsk);
        return ModelChoice.Nearest(point, rows, name => served.Contains(name) && allowed.Allows(name));
    }

    /// <summary>US dollars a million tokens, three of the prompt to one of the answer.</summary>
    private static double Blended(long input, long answer) => ((3.0 * input) + answer) / (4.0 * MeterUnits.PerDollar);

    /// <summary>What configured providers serve; what the Sandbox serves where there are none.</summary>
    private HashSet<string> Served(List<CatalogueModel> models, Func<ServingRoute, bool> canAsk)
    {
        var served = models.Where(model => providers.RoutesOf(model).Any(canAsk)).ToList();
        var configured = served.Where(providers.IsConfigured).Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        return configured.Count > 0 ? configured : served.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
    }
}
