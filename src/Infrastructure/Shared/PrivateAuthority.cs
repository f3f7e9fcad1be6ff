using System.Security.Cryptography.X509Certificates;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Certificate authorities that are an organisation's own.</summary>
internal static class PrivateAuthority
{
    /// <summary>Accepts certificates of those authorities and of no other.</summary>
    /// <param name="path">A PEM file with the authorities' certificates.</param>
    public static X509ChainPolicy TrustOnly(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy;
    }
}
