using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>The steps that the host takes before it serves.</summary>
public static class DatabaseStartExtensions
{
    /// <summary>Creates or upgrades the schema.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="cancellationToken">Stops between migrations.</param>
    public static async Task MigrateDatabaseAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DatabaseStart>().MigrateAsync(cancellationToken);
    }

    /// <summary>Brings the database to where a start is possible.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>The administrator's key, when it was generated just now: the only time that it can be shown.</returns>
    /// <exception cref="PendingMigrationsException">A server database lacks migrations.</exception>
    public static async Task<string?> PrepareDatabaseAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DatabaseStart>().PrepareAsync(cancellationToken);
    }
}
