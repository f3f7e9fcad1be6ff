using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>Why nobody is signed in by Google; the words are those of seed 001's surface.</summary>
public static class GoogleErrors
{
    /// <summary>The operator has not registered the platform with Google.</summary>
    public static readonly Error NotConfigured = new("google_not_configured", ErrorKind.Unavailable, "Google login is not configured");

    /// <summary>Another browser began the sign-in, or this one did more than ten minutes ago.</summary>
    public static readonly Error InvalidState = new("google_state_invalid", ErrorKind.BadRequest, "Invalid state");

    /// <summary>The person declined, the code was used before, or what came for it is not what Google would sign for this platform.</summary>
    public static readonly Error NoToken = new("google_token_missing", ErrorKind.BadRequest, "Access token not received");

    /// <summary>Google has not seen that the address is the person's own.</summary>
    public static readonly Error EmailNotVerified = new("google_email_unverified", ErrorKind.BadRequest, "Email not verified");

    /// <summary>The address has an account already, and nobody has proven that its owner is the same person.</summary>
    public static readonly Error AccountUnproven = new(
        "google_account_unproven",
        ErrorKind.Conflict,
        "There is an account with this address that has not proven it. Sign in to it by an email code first (POST /auth/validate-email), then with Google.");

    /// <summary>The account of the person is switched off.</summary>
    public static readonly Error Inactive = new("google_account_inactive", ErrorKind.Unauthenticated, "Unauthorized");

    /// <summary>Google does not answer.</summary>
    public static readonly Error Unreachable =
        new("google_unreachable", ErrorKind.BadGateway, "Google cannot be reached. Try again in a minute.");
}
