namespace AiPlatform.Domain.Identity;

/// <summary>What is kept of a secret after it was handed out.</summary>
/// <param name="Hash">HMAC-SHA256 of the secret under the pepper, lower-case hexadecimal.</param>
/// <param name="Prefix">The first characters of the secret, to tell secrets apart in a list.</param>
public readonly record struct HashedSecret(string Hash, string Prefix);
