using System.ComponentModel.DataAnnotations;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Smtp</c>: the server that mail goes out by.</summary>
public sealed class SmtpOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Smtp";

    /// <summary>Its host; unset where there is none: mail is then written to the log in Development, and nowhere else.</summary>
    public string? Host { get; set; }

    /// <summary>Its port; 587 by default.</summary>
    [Range(1, 65_535, ErrorMessage = "Smtp:Port must be a number from 1 to 65535.")]
    public int Port { get; set; } = 587;

    /// <summary>Whether to begin TLS (STARTTLS, RFC 3207); true by default.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>The account there; unset where the server asks for none.</summary>
    public string? UserName { get; set; }

    /// <summary>The account's password.</summary>
    [Secret]
    public string? Password { get; set; }

    /// <summary>Who the mail is from.</summary>
    [EmailAddress(ErrorMessage = "Smtp:From must be an e-mail address.")]
    public string From { get; set; } = "no-reply@aiplatform.local";
}
