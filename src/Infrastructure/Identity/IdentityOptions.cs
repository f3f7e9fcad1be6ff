using System.ComponentModel.DataAnnotations;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Identity";

    /// <summary>Refused credentials an address may present a minute; 1 to 100,000, 60 by default.</summary>
    [Range(1, 100_000, ErrorMessage = "Identity:FailedAttemptsPerMinute must be a number from 1 to 100000.")]
    public int FailedAttemptsPerMinute { get; set; } = 60;
}

/// <summary>Configuration section <c>Bootstrap</c>: the account that administers a new installation.</summary>
public sealed class BootstrapOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Bootstrap";

    /// <summary>The administrator's API key, a UUID; generated and printed once where it is unset.</summary>
    [Secret]
    public string? AdminApiKey { get; set; }

    /// <summary>The administrator's address.</summary>
    public string AdminEmail { get; set; } = "admin@aiplatform.local";

    /// <summary>The name that the administrator signs in by where <see cref="AdminPassword"/> is set; <c>admin</c> by default.</summary>
    public string AdminUserName { get; set; } = "admin";

    /// <summary>The administrator's password, set at every start; nobody signs in there by one where it is unset.</summary>
    [Secret]
    public string? AdminPassword { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(AdminApiKey) && !Guid.TryParseExact(AdminApiKey, "D", out _))
        {
            yield return new ValidationResult("Bootstrap:AdminApiKey must be a UUID such as 00000000-0000-4000-8000-000000000000, made at random.");
        }

        if (!User.IsHandle(AdminUserName))
        {
            yield return new ValidationResult("Bootstrap:AdminUserName must be 3 to 30 letters, digits and underscores.");
        }

        if (!string.IsNullOrEmpty(AdminPassword) && AdminPassword.Length is < 8 or > 256)
        {
            yield return new ValidationResult("Bootstrap:AdminPassword must have 8 to 256 characters.");
        }

        if (!User.IsEmail(AdminEmail))
        {
            yield return new ValidationResult($"Bootstrap:AdminEmail must be an e-mail address of at most {User.MaxEmailLength} characters.");
        }
    }
}
