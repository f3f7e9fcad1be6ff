using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

internal static class LedgerStores
{
    /// <summary>Adds the store of the configured database.</summary>
    public static void AddLedgerStore(this IServiceCollection services)
    {
        services.AddSingleton<JournalTables>();
        services.AddSingleton<LedgerStore>(provider => provider.GetRequiredService<IOptions<DatabaseOptions>>().Value switch
        {
            { Provider: DatabaseProvider.PostgreSql, ConnectionString: var connection } => new PostgreSqlLedgerStore(connection),
            { Provider: DatabaseProvider.SqlServer, ConnectionString: var connection } => new SqlServerLedgerStore(connection),
            { ConnectionString: var connection } => new SqliteLedgerStore(connection),
        });
    }
}
