namespace AiPlatform.Application.Identity;

/// <summary>Makes keys that sign session tokens.</summary>
public interface ISigningKeyIssuer
{
    /// <summary>A new key of 256 bits, encrypted.</summary>
    string NewSealedSecret();
}
