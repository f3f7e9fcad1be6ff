using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>
/// Adds the models that come with the platform, and later versions' new routes of them. What was added once is remembered, so
/// that what an administrator changes or takes away stays as they left it; a model that an administrator added under the same
/// name stays theirs.
/// </summary>
internal static class ModelCatalogueSeed
{
    public static async Task ApplyAsync(AppDbContext db, IReadOnlyList<ShippedModel> shipped, TimeProvider time, CancellationToken cancellationToken)
    {
        var seeded = (await db.Set<SeededEntry>().Select(entry => entry.Key).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var names = (await db.Set<ModelName>().Select(name => name.Name).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var now = time.GetUtcNow();
        foreach (var model in shipped)
        {
            var isNew = seeded.Add(KeyOf(model));
            var keys = model.Routes.Select(route => (Route: route, Key: KeyOf(model, route))).Where(route => seeded.Add(route.Key)).ToList();
            if (isNew)
            {
                Add(db, model, names, now);
                db.Add(new SeededEntry { Key = KeyOf(model) });
            }
            else if (keys.Count > 0 && !seeded.Contains(TakenKeyOf(model)))
            {
                await AddRoutesAsync(db, model, keys.Select(route => route.Route), now, cancellationToken);
            }

            db.AddRange(keys.Select(route => new SeededEntry { Key = route.Key }));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static void Add(AppDbContext db, ShippedModel model, HashSet<string> names, DateTimeOffset now)
    {
        if (!names.Add(ModelName.Normalise(model.Name)))
        {
            db.Add(new SeededEntry { Key = TakenKeyOf(model) });
            return;
        }

        // An alias that finds another model already stays that one's.
        db.Add((model with { Aliases = [.. model.Aliases.Where(alias => names.Add(ModelName.Normalise(alias)))] }).ToModel(now));
    }

    private static async Task AddRoutesAsync(
        AppDbContext db, ShippedModel model, IEnumerable<ShippedRoute> routes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.Set<AiModel>().Include(row => row.Routes).FirstOrDefaultAsync(row => row.Name == model.Name, cancellationToken);
        foreach (var route in routes)
        {
            known?.AddFallback(route.Provider, route.UpstreamModel, now);
        }
    }

    private static string KeyOf(ShippedModel model) => $"model {ModelName.Normalise(model.Name)}";

    private static string TakenKeyOf(ShippedModel model) => $"taken {ModelName.Normalise(model.Name)}";

    private static string KeyOf(ShippedModel model, ShippedRoute route) =>
        $"route {ModelName.Normalise(model.Name)} {route.Provider} {route.UpstreamModel}";
}

/// <summary>Something that a start has added to the catalogue.</summary>
internal sealed class SeededEntry
{
    /// <summary>Longest key: a model's name, a provider and an upstream name, with what stands between them.</summary>
    public const int MaxKeyLength = 450;

    /// <summary>What was added.</summary>
    public required string Key { get; init; }
}

internal sealed class SeededEntryConfiguration : IEntityTypeConfiguration<SeededEntry>
{
    public void Configure(EntityTypeBuilder<SeededEntry> builder)
    {
        builder.ToTable("catalogue_seeds");
        builder.HasKey(entry => entry.Key);
        builder.Property(entry => entry.Key).HasMaxLength(SeededEntry.MaxKeyLength);
    }
}
