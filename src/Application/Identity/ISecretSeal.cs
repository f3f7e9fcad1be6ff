namespace AiPlatform.Application.Identity;

/// <summary>Encrypts secrets that must be read again. Its keys are shared by all replicas and follow one another.</summary>
public interface ISecretSeal
{
    /// <summary>Encrypts.</summary>
    /// <param name="purpose">What the secret is for; a constant name. It can be opened for the same purpose alone.</param>
    /// <param name="secret">The secret.</param>
    string Seal(string purpose, string secret);

    /// <summary>Decrypts.</summary>
    /// <param name="purpose">What the secret is for.</param>
    /// <param name="kept">What <see cref="Seal"/> gave.</param>
    /// <returns>The secret; <see langword="null"/> where it was sealed for something else, changed since, or its key is gone.</returns>
    string? Open(string purpose, string kept);
}
