namespace AiPlatform.Infrastructure.Shared;

/// <summary>A later version of the program has changed the database in ways that this one knows nothing of.</summary>
/// <param name="migration">The last migration that this version does not have.</param>
public sealed class NewerDatabaseException(string migration) : Exception(
    $"The database was changed by a later version of this program: it has the migration {migration}, which this version does not know. "
    + "Start that version, or restore the backup that was made before it.");
