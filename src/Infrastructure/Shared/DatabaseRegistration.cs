using AiPlatform.Application.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

internal static class DatabaseRegistration
{
    public static void AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<DatabaseOptions>(configuration, DatabaseOptions.Section);
        services.AddSingleton(new ReadSection("ConnectionStrings", "Default"));
        services.PostConfigure<DatabaseOptions>(options =>
            options.ConnectionString = configuration.GetConnectionString("Default") is { Length: > 0 } given ? given : options.ConnectionString);
        services.AddHttpContextAccessor();
        services.AddSingleton<ChangeMarkReader>();
        services.AddSingleton<IReadCache, ReadCache>();
        services.AddPooledDbContextFactory<AppDbContext>((provider, builder) =>
            Use(
                builder.AddInterceptors(
                    new ChangeMarkInterceptor(provider.GetRequiredService<TimeProvider>()),
                    new ChangeTrail(provider.GetRequiredService<IHttpContextAccessor>(), provider.GetRequiredService<TimeProvider>())),
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext());
        services.AddScoped<DatabaseStart>();
    }

    private static void Use(DbContextOptionsBuilder builder, DatabaseOptions options)
    {
        switch (options.Provider)
        {
            case DatabaseProvider.Sqlite:
                // SQLite changes a table by making it anew, for which foreign keys are switched off outside the transaction. It has
                // one process, which migrates before it serves, so the warning says nothing that its owner could act on.
                builder.UseSqlite(options.ConnectionString, sqlite => sqlite.MigrationsAssembly("AiPlatform.Migrations.Sqlite"))
                    .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));
                break;
            case DatabaseProvider.PostgreSql:
                builder.UseNpgsql(options.ConnectionString, npgsql => npgsql.MigrationsAssembly("AiPlatform.Migrations.PostgreSql"));
                break;
            case DatabaseProvider.SqlServer:
                builder.UseSqlServer(options.ConnectionString, server => server.MigrationsAssembly("AiPlatform.Migrations.SqlServer"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Database:Provider is Sqlite, PostgreSql or SqlServer.");
        }
    }
}
