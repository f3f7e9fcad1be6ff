using System.Security.Cryptography;
using AiPlatform.Application.Identity;
using Microsoft.AspNetCore.DataProtection;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class SecretSeal(IDataProtectionProvider protection) : ISecretSeal
{
    public string Seal(string purpose, string secret) => protection.CreateProtector(purpose).Protect(secret);

    public string? Open(string purpose, string kept)
    {
        try
        {
            return protection.CreateProtector(purpose).Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
