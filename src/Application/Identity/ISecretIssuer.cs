using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity;

/// <summary>Makes secrets and hashes them.</summary>
public interface ISecretIssuer
{
    /// <summary>A new API key: a random UUID (RFC 9562, version 4), lower-case.</summary>
    string NewApiKey();

    /// <summary>A new API key of one form.</summary>
    /// <param name="kind">The form.</param>
    string NewApiKey(ApiKeyKind kind);

    /// <summary>A new access token: 256 random bits, base64url, opaque to its holder.</summary>
    string NewAccessToken();

    /// <summary>A new code of six digits, each as likely as any other.</summary>
    string NewEmailCode();

    /// <summary>What is kept of a secret; the same secret always hashes the same.</summary>
    /// <param name="secret">The secret.</param>
    HashedSecret Hash(string secret);
}
