using System.ComponentModel.DataAnnotations;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Identity.Google;

/// <summary>Configuration section <c>Google</c>: the platform as it is registered with Google. Without it nobody signs in there.</summary>
public sealed class GoogleOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Google";

    /// <summary>The platform's id at Google.</summary>
    public string? ClientId { get; set; }

    /// <summary>The platform's secret at Google.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>Where Google sends browsers back to; <c>Platform:PublicUrl</c> with <c>/auth/google</c> by default.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>The issuer whose discovery document names the rest; Google by default, or any OpenID Connect provider.</summary>
    public string Authority { get; set; } = "https://accounts.google.com";

    /// <summary>
    /// A PEM file with the certificates of a private certificate authority that the issuer's certificate must come from; the
    /// system's authorities by default.
    /// </summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>How long Google may take to answer; 100 milliseconds to 1 minute, 10 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Google:Timeout must be a duration from 00:00:00.1 to 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether people can sign in at Google.</summary>
    internal bool IsConfigured => !string.IsNullOrEmpty(ClientId) && !string.IsNullOrEmpty(ClientSecret);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(ClientId) != string.IsNullOrEmpty(ClientSecret))
        {
            yield return new ValidationResult("Google:ClientId and Google:ClientSecret are set together, or neither is.");
        }

        if (!ServiceAddress.TryRead(Authority, out _))
        {
            yield return new ValidationResult("Google:Authority must be an absolute https address (http on loopback alone) without a query.");
        }

        if (!string.IsNullOrEmpty(RedirectUri) && !(Uri.TryCreate(RedirectUri, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return new ValidationResult($"Google:RedirectUri must be an absolute http or https address, not '{RedirectUri}'.");
        }

        if (!string.IsNullOrEmpty(CertificateAuthority) && !File.Exists(CertificateAuthority))
        {
            yield return new ValidationResult(
                $"Google:CertificateAuthority must be the path of a PEM file; there is none at '{CertificateAuthority}'.");
        }
    }
}
