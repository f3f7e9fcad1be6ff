using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>Addresses</c>: who may call the routes below <c>/api/v1</c>, and whose word on that counts.</summary>
public sealed class AddressOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Addresses";

    /// <summary>Whether <see cref="Allowed"/> is heeded; off by default.</summary>
    public bool Restrict { get; set; }

    /// <summary>Addresses, networks (<c>10.0.0.0/8</c>) and host names, separated by commas; names are looked up at the start.</summary>
    public string Allowed { get; set; } = "127.0.0.1,localhost";

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is believed, separated by commas; none by default.</summary>
    public string TrustedProxies { get; set; } = string.Empty;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in Split(TrustedProxies).Where(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)))
        {
            yield return new ValidationResult($"Addresses:TrustedProxies must list addresses and networks such as 10.0.0.0/8, not '{proxy}'.");
        }

        foreach (var entry in Split(Allowed).Where(entry => !IPAddress.TryParse(entry, out _) && !IPNetwork.TryParse(entry, out _) && !IsHostName(entry)))
        {
            yield return new ValidationResult(
                $"Addresses:Allowed must list addresses, networks such as 10.0.0.0/8 and host names, not '{entry}'.");
        }

        if (Restrict && Split(Allowed).Length == 0)
        {
            yield return new ValidationResult("Addresses:Allowed must name an address, a network or a host where Addresses:Restrict is true.");
        }
    }

    // No host's name ends in a number: 300.1.1.1 is a mistyped address.
    private static bool IsHostName(string text) =>
        Uri.CheckHostName(text) is UriHostNameType.Dns && !text.Split('.')[^1].All(char.IsAsciiDigit);

    /// <summary>The entries of a list.</summary>
    /// <param name="list">Separated by commas.</param>
    public static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
