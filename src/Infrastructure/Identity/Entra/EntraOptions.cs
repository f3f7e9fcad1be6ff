using System.ComponentModel.DataAnnotations;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity.Entra;

/// <summary>Configuration section <c>Entra</c>: the organisation's application, used where <c>Tokens:Issuer</c> is <c>Entra</c>.</summary>
public sealed class EntraOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Entra";

    /// <summary>The organisation's directory, an id or a domain.</summary>
    public string? TenantId { get; set; }

    /// <summary>The application's id.</summary>
    public string? ClientId { get; set; }

    /// <summary>The application's secret.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>
    /// Where directories lie: Microsoft's public cloud by default. On a host that is not Microsoft's, the address with the tenant
    /// appended is the issuer of any OpenID Connect provider.
    /// </summary>
    public string Authority { get; set; } = "https://login.microsoftonline.com";

    /// <summary>What the application asks for; it must be granted something there. Nothing is ever called with it.</summary>
    public string Scope { get; set; } = "https://graph.microsoft.com/.default";

    /// <summary>
    /// A PEM file with the certificates of a private certificate authority that the provider's certificate must come from; the
    /// system's authorities by default.
    /// </summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>How long the provider may take to answer; 100 milliseconds to 1 minute, 5 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Entra:Timeout must be a duration from 00:00:00.1 to 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The issuer: the authority with the tenant.</summary>
    internal string Issuer => $"{Authority.TrimEnd('/')}/{TenantId}";
}

/// <summary>Checks the section only where it is used.</summary>
internal sealed class EntraOptionsValidator(IOptions<TokenOptions> tokens) : IValidateOptions<EntraOptions>
{
    public ValidateOptionsResult Validate(string? name, EntraOptions options)
    {
        if (tokens.Value.Issuer is not TokenIssuer.Entra)
        {
            return ValidateOptionsResult.Skip;
        }

        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(EntraOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.TenantId))
        {
            yield return Required("TenantId", "the directory's id");
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            yield return Required("ClientId", "the application's id");
        }

        if (string.IsNullOrWhiteSpace(options.ClientSecret))
        {
            yield return Required("ClientSecret", "the application's secret");
        }

        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"Entra:Authority must be an absolute https address, not '{options.Authority}'.";
        }

        if (string.IsNullOrWhiteSpace(options.Scope))
        {
            yield return Required("Scope", "a resource such as https://graph.microsoft.com/.default");
        }

        if (!string.IsNullOrEmpty(options.CertificateAuthority) && !File.Exists(options.CertificateAuthority))
        {
            yield return $"Entra:CertificateAuthority must be the path of a PEM file; there is none at '{options.CertificateAuthority}'.";
        }
    }

    private static string Required(string key, string what) => $"Entra:{key} must be {what} where Tokens:Issuer is Entra.";
}
