namespace AiPlatform.Application.Identity;

/// <summary>Encrypts API keys as the surface of seed 004 shows them: Fernet tokens.</summary>
public interface IKeyCiphertext
{
    /// <summary>Encrypts a key; each time to another text.</summary>
    /// <param name="apiKey">The key.</param>
    string Encrypt(string apiKey);
}
