using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Identity;

/// <summary>What can be refused about access tokens; the words are those of seed 000.</summary>
public static class TokenErrors
{
    /// <summary>No token was named.</summary>
    public static readonly Error Missing = new("token_parameter_missing", ErrorKind.BadRequest, "Missing token parameter");

    /// <summary>There is no such token, or not for this caller to see.</summary>
    public static readonly Error DetailsNotFound = new("token_details_not_found", ErrorKind.NotFound, "Token details not found");

    /// <summary>The token to refresh is unknown, revoked, or another person's.</summary>
    public static readonly Error CannotRefresh = new("token_not_refreshable", ErrorKind.BadRequest, "Invalid token");

    /// <summary>The token to refresh is past its time.</summary>
    public static readonly Error TooLateToRefresh =
        new("token_expired_before_refresh", ErrorKind.BadRequest, "Token has expired and cannot be refreshed");

    /// <summary>The organisation's identity provider grants nothing now; why is in the log alone.</summary>
    public static readonly Error NotGranted = new("token_not_granted", ErrorKind.Internal, string.Empty)
    {
        Title = "Failed to acquire token",
        Extensions = new Dictionary<string, string> { ["details"] = "The identity provider did not grant a token" },
    };

    /// <summary>A refreshed token could not be stored; why is in the log alone.</summary>
    public static readonly Error NotStored = new("token_not_stored", ErrorKind.Internal, "Failed to store refreshed token");
}
