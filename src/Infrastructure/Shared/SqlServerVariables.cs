using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// Seed 000 names its SQL Server by parts: <c>DB_SERVER</c>, <c>DB_NAME</c>, <c>DB_USER</c>, <c>DB_PASSWORD</c>.
/// <c>DB_DRIVER</c> chose an ODBC driver, which nothing here needs.
/// </summary>
internal static class SqlServerVariables
{
    /// <summary>The parts as one connection string; without a user the process's own identity signs in.</summary>
    public static string ConnectionString(IConfiguration configuration, string server)
    {
        var builder = new SqlConnectionStringBuilder { DataSource = server };
        if (configuration["DB_NAME"] is { Length: > 0 } database)
        {
            builder.InitialCatalog = database;
        }

        if (configuration["DB_USER"] is { Length: > 0 } user)
        {
            (builder.UserID, builder.Password) = (user, configuration["DB_PASSWORD"] ?? string.Empty);
        }
        else
        {
            builder.IntegratedSecurity = true;
        }

        return builder.ConnectionString;
    }
}
