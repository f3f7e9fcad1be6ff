using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>Why somebody is not signed in; the words are those of seed 002.</summary>
public static class SignInErrors
{
    /// <summary>Unknown, inactive, without a password, or another password: one answer for all of them.</summary>
    public static readonly Error Incorrect = new("sign_in_failed", ErrorKind.Unauthenticated, "Incorrect email or password");

    /// <summary>No code was sent to the address, it is another one, or its time is over.</summary>
    public static readonly Error IncorrectCode = new("sign_in_code_failed", ErrorKind.Unauthenticated, "Incorrect email or verification code");

    /// <summary>The refresh token is unknown, spent, or its session has ended.</summary>
    public static readonly Error InvalidRefreshToken = new("refresh_token_invalid", ErrorKind.Unauthenticated, "Invalid refresh token");

    /// <summary>Too many failed sign-ins to one account.</summary>
    /// <param name="retryAfter">When the next attempt is looked at.</param>
    public static Error TooManyAttempts(TimeSpan retryAfter) =>
        new("too_many_sign_ins", ErrorKind.TooManyRequests, "Too many failed sign-in attempts. Try again later.") { RetryAfter = retryAfter };

    /// <summary>As the documentation shows it.</summary>
    public static Error TooMany => TooManyAttempts(TimeSpan.FromSeconds(2));
}
