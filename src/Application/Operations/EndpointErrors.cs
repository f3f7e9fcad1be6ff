using AiPlatform.Application.Shared;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>What can be wrong with a change of the endpoint catalogue.</summary>
internal static class EndpointErrors
{
    /// <summary>The cost is no whole number.</summary>
    public static readonly Error CostNotInteger = RequestErrors.Invalid("Cost must be a valid integer");

    /// <summary>The cost is zero or less.</summary>
    public static readonly Error CostNotPositive = RequestErrors.Invalid("Cost must be a positive integer");

    /// <summary>The cost is more than a call can cost.</summary>
    public static readonly Error CostTooHigh = RequestErrors.Invalid($"Cost must not exceed {Endpoint.MaxCost}");

    /// <summary>The database did not take a new row.</summary>
    public static readonly Error NotAdded = new("endpoint_not_added", ErrorKind.Internal, "Failed to add endpoint to database");

    /// <summary>The database did not take a change.</summary>
    public static readonly Error NotUpdated = new("endpoint_not_updated", ErrorKind.Internal, "Failed to update endpoint");

    /// <summary>Another row has the path.</summary>
    /// <param name="path">The path, as the catalogue keeps it.</param>
    public static Error PathTaken(string path) =>
        new("endpoint_path_taken", ErrorKind.Conflict, $"Endpoint with path '{path}' already exists");

    /// <summary>Another row has the path, and is named.</summary>
    /// <param name="path">The path, as the catalogue keeps it.</param>
    /// <param name="rival">The row that has it.</param>
    public static Error PathTakenBy(string path, Guid rival) => PathTaken(path) with
    {
        Extensions = new Dictionary<string, string> { ["endpoint_id"] = rival.ToString("D") },
    };

    /// <summary>There is no such row.</summary>
    /// <param name="id">The id as the client wrote it.</param>
    public static Error NotFound(string id) =>
        new("endpoint_not_found", ErrorKind.NotFound, $"Endpoint with ID '{id}' not found");

    /// <summary>Why a cost cannot be charged; <see langword="null"/> where it can.</summary>
    /// <param name="cost">The cost, which was sent.</param>
    public static Error? OfCost(Supplied<IntegerOrText> cost) => cost switch
    {
        { IsGiven: false } => CostNotInteger,
        { Value.Value: <= 0 } => CostNotPositive,
        { Value.Value: > Endpoint.MaxCost } => CostTooHigh,
        _ => null,
    };

    /// <summary>Whether a path can be kept: something besides blanks, no longer than its column.</summary>
    /// <param name="path">The path as typed.</param>
    public static bool IsPath(string path) =>
        !string.IsNullOrWhiteSpace(path) && Endpoint.NormalisePath(path).Length <= Endpoint.MaxPathLength;

    /// <summary>Saves, and says whether another row was quicker with the path or the route key.</summary>
    /// <param name="db">Where the change is.</param>
    /// <param name="failure">What any other failure is called on this route.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <returns>The conflict; <see langword="null"/> where the change is saved.</returns>
    public static async Task<DbUpdateException?> TrySaveEndpointAsync(
        this IOperationsDb db, Error failure, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException conflict)
        {
            return IsEndpointConflict(conflict) ? conflict : throw new RefusedException(failure, conflict);
        }
    }

    // The engines name the index or, SQLite, the column.
    private static bool IsEndpointConflict(DbUpdateException conflict) =>
        conflict.InnerException?.Message is { } message
        && (message.Contains("ux_endpoints_", StringComparison.Ordinal) || message.Contains("endpoints.path", StringComparison.Ordinal)
            || message.Contains("endpoints.route_key", StringComparison.Ordinal));
}
