using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Operations.Contracts;

/// <summary>What is refused about access to endpoints.</summary>
public static class EndpointAccessErrors
{
    /// <summary>The caller may not call the endpoint.</summary>
    public static readonly Error Denied =
        new("endpoint_denied", ErrorKind.Forbidden, "You do not have permission to access this endpoint") { Title = "Access Denied" };

    /// <summary>The account has no list.</summary>
    public static readonly Error NotFound =
        new("endpoint_access_not_found", ErrorKind.NotFound, "There is no list of endpoints for this user");

    /// <summary>There is no such account.</summary>
    /// <param name="id">The id as the client wrote it.</param>
    public static Error UserNotFound(string id) => new("access_user_not_found", ErrorKind.NotFound, $"User with ID {id} not found");

    /// <summary>There is no such row of the catalogue.</summary>
    /// <param name="id">The id as the client wrote it.</param>
    public static Error EndpointNotFound(string id) => new("access_endpoint_not_found", ErrorKind.NotFound, $"Endpoint with ID '{id}' not found");
}
