using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The model that the call at hand asks, found once: its rules, its hold, the cache and its handler share it.</summary>
/// <param name="catalogue">The models.</param>
/// <param name="models">Those that the caller may ask.</param>
/// <param name="auto">Chooses where the request names none.</param>
internal sealed class RelayTarget(IModelCatalogue catalogue, CallerModels models, AutoChoice auto)
{
    /// <summary>The model; an alias asks the one that it stands for.</summary>
    public CatalogueModel Model => Candidates is [var first, ..] ? first : throw new InvalidOperationException("No model was found.");

    /// <summary>The model, and those that may stand in for it, in order.</summary>
    public IReadOnlyList<CatalogueModel> Candidates { get; private set; } = [];

    /// <summary>Finds it.</summary>
    /// <param name="command">The request.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <returns>Why the call is refused; <see langword="null"/> where the caller may ask the model.</returns>
    public async Task<Error?> FindAsync(RelayCommand command, CancellationToken cancellationToken)
    {
        if (AutoFields.IsAsked(command))
        {
            Candidates = await auto.ChooseAsync(command, cancellationToken);
            return Candidates.Count == 0 ? RelayErrors.NothingToChoose : null;
        }

        var name = command.Model.Value;
        if (catalogue.Find(name) is not { } model)
        {
            return RelayErrors.ModelNotFound(name);
        }

        Candidates = [model];
        return model.Capabilities.Contains(command.Rules.Capability)
            ? await models.RefusalOfAsync(name, cancellationToken)
            : RelayErrors.NotCapable(name);
    }
}
