using AiPlatform.Domain.Content;

namespace AiPlatform.Application.Content;

/// <summary>Signs and checks links to blobs that this platform serves itself.</summary>
public interface IBlobLinks
{
    /// <summary>The signature of a link.</summary>
    /// <param name="address">The blob that it reads.</param>
    /// <param name="expires">The first second at which it is refused, in seconds since 1970 UTC.</param>
    /// <returns>HMAC-SHA256, base64url.</returns>
    string Sign(BlobAddress address, long expires);

    /// <summary>Whether a link is unaltered; takes as long for a wrong signature as for a right one.</summary>
    /// <param name="address">The blob that it names.</param>
    /// <param name="expires">The expiry that it names.</param>
    /// <param name="signature">The signature that it carries.</param>
    bool IsGenuine(BlobAddress address, long expires, string signature);
}
