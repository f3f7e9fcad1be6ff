using System.Diagnostics.CodeAnalysis;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Addresses of services to which secrets are sent.</summary>
internal static class ServiceAddress
{
    /// <summary>Reads an address to which a secret may be sent: over https, or on this very machine; with no user, query or fragment.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">The address, where it is one.</param>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;
}
