using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>The journal's two connections: one writes, and the other reads what a transaction that is under way has not touched.</summary>
/// <param name="Writing">Begins transactions and commits them.</param>
/// <param name="Reading">Finds accounts, outside of a transaction.</param>
internal sealed record LedgerStores(LedgerStore Writing, LedgerStore Reading) : IDisposable
{
    public void Dispose()
    {
        Writing.Dispose();
        Reading.Dispose();
    }
}

internal static class LedgerStoreRegistration
{
    /// <summary>Adds the stores of the configured database.</summary>
    public static void AddLedgerStores(this IServiceCollection services)
    {
        services.AddSingleton<JournalTables>();
        services.AddSingleton(provider =>
        {
            var database = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var logger = provider.GetRequiredService<ILogger<SqliteLedgerStore>>();
            return new LedgerStores(StoreOf(database, logger), StoreOf(database, logger));
        });
    }

    private static LedgerStore StoreOf(DatabaseOptions database, ILogger<SqliteLedgerStore> logger) => database switch
    {
        { Provider: DatabaseProvider.PostgreSql, ConnectionString: var connection } => new PostgreSqlLedgerStore(connection),
        { Provider: DatabaseProvider.SqlServer, ConnectionString: var connection } => new SqlServerLedgerStore(connection),
        { ConnectionString: var connection } => new SqliteLedgerStore(connection, logger),
    };
}
