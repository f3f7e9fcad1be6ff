using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>Why a credential is refused. The codes are stable; a route may document other words for one.</summary>
public static class CredentialErrors
{
    /// <summary>No API key was presented.</summary>
    public static readonly Error ApiKeyMissing =
        new("api_key_missing", ErrorKind.Unauthenticated, "Missing API Key header (API-Key)");

    /// <summary>The API key is malformed, unknown, revoked, or its account is inactive.</summary>
    public static readonly Error ApiKeyInvalid = new("api_key_invalid", ErrorKind.Unauthenticated, "Invalid API Key");

    /// <summary>Neither an API key nor an access token was presented.</summary>
    public static readonly Error Missing = new(
        "credential_missing",
        ErrorKind.Unauthenticated,
        "You did not provide an API key. Send it as Authorization: Bearer YOUR_KEY, or in the header api-key or x-api-key.");

    /// <summary>What was presented is no API key or access token in force.</summary>
    public static readonly Error Invalid =
        new("invalid_api_key", ErrorKind.Unauthenticated, "Incorrect API key provided. Ask your administrator for one that is in force.");

    /// <summary>No access token was presented.</summary>
    public static readonly Error TokenMissing = new("token_missing", ErrorKind.Unauthenticated, "Missing X-Token header");

    /// <summary>The access token is unknown, revoked, or its account is inactive.</summary>
    public static readonly Error TokenInvalid = new("token_invalid", ErrorKind.Unauthenticated, "Invalid token");

    /// <summary>The access token's time is over.</summary>
    public static readonly Error TokenExpired = new("token_expired", ErrorKind.Unauthenticated, "Token has expired");

    /// <summary>The organisation's identity provider no longer vouches for the token, or cannot be asked.</summary>
    public static readonly Error TokenNotVouched =
        new("token_not_vouched", ErrorKind.Unauthenticated, "Token is no longer valid with provider");

    /// <summary>The token is good and its account is gone.</summary>
    public static readonly Error TokenUserMissing =
        new("token_user_missing", ErrorKind.Unauthenticated, "User associated with token not found");

    /// <summary>The token presented as second factor is unknown, revoked, or another person's.</summary>
    public static readonly Error ConfirmationInvalid =
        new("confirmation_invalid", ErrorKind.Unauthenticated, "Invalid token provided");

    /// <summary>A browser sent the session's cookie for a page of another site.</summary>
    public static readonly Error ForeignOrigin = new(
        "foreign_origin", ErrorKind.Forbidden, "The request comes from another site. Send the token as Authorization: Bearer instead of a cookie.");

    /// <summary>What the second factor of a request can be refused with.</summary>
    public static IReadOnlyList<Error> OfConfirmation { get; } = [ConfirmationInvalid, TokenExpired, TokenNotVouched];

    /// <summary>What a credential can be refused with, in check order.</summary>
    /// <param name="kind">The kind of credential.</param>
    public static IReadOnlyList<Error> Of(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey => [ApiKeyMissing, ForeignOrigin, TooManyFailures(TimeSpan.FromMinutes(1)), ApiKeyInvalid],
        CredentialKind.AccessToken =>
            [TokenMissing, ForeignOrigin, TooManyFailures(TimeSpan.FromMinutes(1)), TokenInvalid, TokenExpired, TokenNotVouched, TokenUserMissing],
        CredentialKind.Any =>
            [Missing, ForeignOrigin, TooManyFailures(TimeSpan.FromMinutes(1)), Invalid, TokenExpired, TokenNotVouched, TokenUserMissing],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Whether an error refuses a credential, and not the password or the code that somebody signs in by.</summary>
    /// <param name="error">The error.</param>
    public static bool Contain(Error error) =>
        error.Kind is ErrorKind.Unauthenticated
        && new[] { Of(CredentialKind.ApiKey), Of(CredentialKind.AccessToken), Of(CredentialKind.Any), OfConfirmation }
            .Any(refusals => refusals.Any(refusal => refusal.Code == error.Code));

    /// <summary>What a caller hears who presents nothing.</summary>
    /// <param name="kind">The kind of credential.</param>
    public static Error MissingOf(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey => ApiKeyMissing,
        CredentialKind.AccessToken => TokenMissing,
        _ => Missing,
    };

    /// <summary>What a caller hears whose credential identifies nobody.</summary>
    /// <param name="kind">The kind of credential.</param>
    public static Error InvalidOf(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey => ApiKeyInvalid,
        CredentialKind.AccessToken => TokenInvalid,
        _ => Invalid,
    };

    /// <summary>A refusal in the words of a kind of credential: where keys are documented alone, every other secret is a wrong key.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="kind">The kind that the request declares.</param>
    public static Error Worded(Error refusal, CredentialKind kind) =>
        kind is CredentialKind.ApiKey || refusal == Invalid ? InvalidOf(kind) : refusal;

    /// <summary>Too many refused credentials from one address.</summary>
    /// <param name="retryAfter">When to come back.</param>
    public static Error TooManyFailures(TimeSpan retryAfter) =>
        new("too_many_failures", ErrorKind.TooManyRequests, "Too many failed authentication attempts. Try again later.")
        {
            RetryAfter = retryAfter,
        };
}
