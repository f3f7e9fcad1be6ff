using AiPlatform.Infrastructure.Commerce;
using AiPlatform.Infrastructure.Gateway;
using AiPlatform.Infrastructure.Identity;
using AiPlatform.Infrastructure.Metering;
using AiPlatform.Infrastructure.Operations;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Brings the database to where the program expects it.</summary>
/// <param name="db">The database.</param>
/// <param name="administrator">Makes the first administrator.</param>
/// <param name="signingKey">Makes the first key of session tokens.</param>
/// <param name="catalogue">The models that come with the platform, with their list prices; reads the database's when they are there.</param>
/// <param name="plans">What the plans cost that come with the platform.</param>
/// <param name="time">The time of the rows that are made.</param>
internal sealed class DatabaseStart(
    AppDbContext db, AdministratorSeed administrator, SigningKeySeed signingKey, ModelCatalogue catalogue, IOptions<PlanOptions> plans, TimeProvider time)
{
    private IHistoryRepository History => db.GetService<IHistoryRepository>();

    /// <summary>Creates or upgrades the schema.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (db.Database.IsSqlite() && new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource is var file
            && Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // Looking for a history that is not there yet is logged as a failure by PostgreSQL's provider; a new database has none.
        if (await db.Database.CanConnectAsync(cancellationToken))
        {
            await History.CreateIfNotExistsAsync(cancellationToken);

            // Migrating begins with a comparison of the whole model with its last snapshot, which takes longer than the rest of a start.
            if (!await IsAnyPendingAsync(cancellationToken))
            {
                return;
            }
        }

        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// Makes a start possible: SQLite is migrated here; on a server database, which several replicas share, a missing migration
    /// stops the start instead.
    /// </summary>
    /// <returns>The administrator's key, when it was generated just now.</returns>
    /// <exception cref="PendingMigrationsException">A server database lacks migrations.</exception>
    /// <exception cref="NewerDatabaseException">A later version has migrated the database.</exception>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (db.Database.IsSqlite())
        {
            await MigrateAsync(cancellationToken);
        }
        else if (!await History.ExistsAsync(cancellationToken) || await IsAnyPendingAsync(cancellationToken))
        {
            throw new PendingMigrationsException();
        }

        // Outside the lock: what seals the key opens a connection of its own. Two replicas make two keys, and both are good.
        await signingKey.ApplyAsync(cancellationToken);
        await using var transaction = await StartLock.BeginAsync(db, cancellationToken);
        await TierSeed.ApplyAsync(db, time, cancellationToken);
        await ModelCatalogueSeed.ApplyAsync(db, catalogue.Shipped, time, cancellationToken);
        await ModelPriceSeed.ApplyAsync(db, catalogue.Shipped, time, cancellationToken);
        await EndpointSeed.ApplyAsync(db, time, cancellationToken);
        await PlanSeed.ApplyAsync(db, plans.Value, time, cancellationToken);
        var generatedKey = await administrator.ApplyAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await catalogue.RefreshAsync(cancellationToken);
        return generatedKey;
    }

    private async Task<bool> IsAnyPendingAsync(CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        return applied.FindLast(migration => !known.Contains(migration)) is { } unknown
            ? throw new NewerDatabaseException(unknown)
            : !known.IsSubsetOf(applied);
    }
}
