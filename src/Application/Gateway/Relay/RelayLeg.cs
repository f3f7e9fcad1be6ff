using AiPlatform.Application.Gateway.Translation;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>A request on the route that answers it.</summary>
/// <param name="plan">The request.</param>
/// <param name="route">The route.</param>
internal sealed class RelayLeg(RelayPlan plan, ServingRoute route)
{
    /// <summary>The translation between client and provider; <see langword="null"/> where both speak the same.</summary>
    public ITranslation? Translation { get; } = plan.TranslationOf(route);

    /// <summary>The request.</summary>
    public RelayCommand Request => plan.Request;

    /// <summary>The provider's name.</summary>
    public string Provider => route.Provider.Name;

    /// <summary>Public name of the model.</summary>
    public string Model => plan.Model.Name;

    /// <summary>Whether the client asked for the usage of a stream. A translation makes its own of it.</summary>
    public bool WantsUsage { get; } = plan.WantsUsage;

    /// <summary>The form in which the provider answers.</summary>
    public string Operation => Translation?.ProviderOperation ?? plan.Request.Rules.Operation;

    /// <summary>Counts what the provider delivers.</summary>
    public AnswerMeter NewMeter() => new(Operation, () => plan.Measure);
}
