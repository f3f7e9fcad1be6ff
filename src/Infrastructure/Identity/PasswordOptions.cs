using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Passwords</c>.</summary>
public sealed class PasswordOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Passwords";

    /// <summary>
    /// Rounds of PBKDF2 with HMAC-SHA512 that a new hash takes; 100,000 to 10,000,000, 210,000 by default (OWASP Password Storage
    /// Cheat Sheet). A weaker hash is made anew at the next sign-in.
    /// </summary>
    [Range(100_000, 10_000_000, ErrorMessage = "Passwords:Iterations must be a number from 100000 to 10000000.")]
    public int Iterations { get; set; } = 210_000;
}
