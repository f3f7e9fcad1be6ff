using System.Collections.Frozen;
using AiPlatform.Application.Gateway;
using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>
/// The catalogue in memory. Before the database was read it is what comes with the platform, which settings are held against at
/// the start; then it is what the database has, read again whenever the change mark is another.
/// </summary>
/// <param name="services">Knows the database, where there is one.</param>
/// <param name="table">Where the table of models is.</param>
/// <param name="time">The time of what is not kept yet.</param>
internal sealed class ModelCatalogue(IServiceProvider services, ModelTableSource table, TimeProvider time)
    : IModelCatalogue, ICatalogueSnapshot, IChangeListener, IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Lazy<IReadOnlyList<ShippedModel>> _shipped = new(() => ModelTable.Over(ShippedModels.Read(), table));

    private Snapshot? _current;

    /// <summary>What comes with the platform.</summary>
    public IReadOnlyList<ShippedModel> Shipped => _shipped.Value;

    public IReadOnlyList<CatalogueModel> Models => Current.Models;

    private Snapshot Current
    {
        get
        {
            if (Volatile.Read(ref _current) is { } known)
            {
                return known;
            }

            var now = time.GetUtcNow();
            Interlocked.CompareExchange(ref _current, new Snapshot(Shipped.Select(model => model.ToModel(now))), null);
            return _current;
        }
    }

    public CatalogueModel? Find(string name) => Current.ByName.GetValueOrDefault(name.Trim());

    public Task OnChangedAsync(CancellationToken cancellationToken) => RefreshAsync(cancellationToken);

    // One reads at a time, so that what was read last is what is kept.
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(cancellationToken);

            // In one statement: between several, a model that is added meanwhile would leave others without their names and routes.
            var models = await db.Set<AiModel>().AsNoTracking().AsSingleQuery()
                .Include(model => model.Names)
                .Include(model => model.Routes)
                .Where(model => model.RetiredAt == null)
                .ToListAsync(cancellationToken);
            Volatile.Write(ref _current, new Snapshot(models));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static CatalogueModel ToCatalogue(AiModel model) => new(
        model.Name,
        model.Family,
        model.Capabilities,
        [
            .. from route in model.Routes
               orderby route.RouteOrder, route.Id
               select new ModelRoute(route.Provider, route.UpstreamModel) { Order = route.RouteOrder, Weight = route.Weight, Enabled = route.Enabled }
        ])
    {
        Aliases = [.. model.Aliases],
        ContextWindow = model.ContextWindow,
        MaxAnswerTokens = model.MaxAnswerTokens,
        OutputLimitField = model.OutputLimitField,
        QualityIndex = model.QualityIndex,
        MedianTokensPerSecond = model.MedianTokensPerSecond,
        MedianFirstChunkSeconds = model.MedianFirstChunkSeconds,
        CreatedAt = model.CreatedAt,
    };

    private sealed class Snapshot
    {
        public Snapshot(IEnumerable<AiModel> models)
        {
            Models = [.. models.Where(model => model.IsOffered).Select(ToCatalogue).OrderBy(model => model.Name, StringComparer.Ordinal)];
            ByName = Models.SelectMany(model => model.Aliases.Append(model.Name).Select(name => KeyValuePair.Create(name, model)))
                .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        }

        public IReadOnlyList<CatalogueModel> Models { get; }

        public FrozenDictionary<string, CatalogueModel> ByName { get; }
    }
}
