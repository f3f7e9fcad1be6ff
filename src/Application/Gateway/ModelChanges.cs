using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Commits changes of models together with their history, so that every process notices them.</summary>
internal sealed class ModelChanges(IGatewayDb db, ICatalogueSnapshot snapshot, IReadCache cache, CallRecord record)
{
    private static readonly string[] Tables = ["model_names", "models", "model_routes", "model_changes", "model_allowances"];

    /// <summary>A model with its names and routes.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<AiModel> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var parsed)
            || await db.Models.Include(model => model.Routes).FirstOrDefaultAsync(model => model.Id == parsed, cancellationToken) is not { } model)
        {
            throw new RefusedException(ModelErrors.NotFound);
        }

        await db.ModelNames.Where(name => name.ModelId == parsed).LoadAsync(cancellationToken);
        return model;
    }

    /// <summary>Refuses names that find another model, or leave the choice of one to the platform.</summary>
    /// <exception cref="RefusedException">One does.</exception>
    public async Task RequireFreeAsync(Guid? modelId, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var wanted = names.Select(ModelName.Normalise).ToList();
        var taken = wanted.Find(AutoFields.IsName) ?? await db.ModelNames.Where(name => wanted.Contains(name.Name) && name.ModelId != modelId)
            .Select(name => name.Name)
            .FirstOrDefaultAsync(cancellationToken);
        if (taken is not null)
        {
            throw new RefusedException(ModelErrors.NameTaken(taken));
        }
    }

    /// <summary>Saves a change with its history.</summary>
    /// <exception cref="RefusedException">Somebody else changed the same at the same time.</exception>
    public async Task<ModelDetails> SaveAsync(AiModel model, ModelChangeKind kind, ModelDetails? before, CancellationToken cancellationToken)
    {
        var after = ModelDetails.Of(model);
        db.ModelChanges.Add(new AiModelChange(model, kind, before?.ToJson(), after.ToJson(), record.RequiredCaller.UserId));
        await SaveAsync(cancellationToken);
        await snapshot.RefreshAsync(CancellationToken.None);
        return after;
    }

    /// <summary>Saves what changed in this scope's context.</summary>
    /// <exception cref="RefusedException">Somebody else changed the same at the same time.</exception>
    public Task SaveAsync(CancellationToken cancellationToken) => cache.CommitAsync(db.SaveChangesAsync, Tables, cancellationToken);
}
