namespace AiPlatform.Infrastructure.Shared;

/// <summary>A server database is older than the program; several replicas share it, so none of them upgrades it on its own.</summary>
public sealed class PendingMigrationsException() : Exception(
    "The database lacks migrations. Run `dotnet run --project src/WebApi -- migrate` with the same configuration, then start again.");
