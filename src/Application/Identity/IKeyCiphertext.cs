namespace AiPlatform.Application.Identity;

/// <summary>Encrypts API keys as the surface of seed 004 shows them: Fernet tokens.</summary>
public interface IKeyCiphertext
{
    /// <summary>Encrypts a key; each time to another text.</summary>
    /// <param name="apiKey">The key.</param>
    string Encrypt(string apiKey);

    /// <summary>The key that a text is the ciphertext of; <see langword="null"/> for a text that this platform did not make.</summary>
    /// <param name="token">The Fernet token.</param>
    string? Decrypt(string token);
}
