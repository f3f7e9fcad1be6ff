using System.Security.Cryptography.X509Certificates;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Connections to identity providers.</summary>
internal static class ProviderHandler
{
    // So that a changed DNS entry is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Makes a handler that sends a secret to no address but the one that it is given for.</summary>
    /// <param name="certificateAuthority">
    /// A PEM file with the certificates that the provider's must come from; the system's authorities where there is none.
    /// </param>
    public static SocketsHttpHandler Create(string? certificateAuthority)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, AllowAutoRedirect = false, UseCookies = false };
        if (certificateAuthority is { Length: > 0 })
        {
            handler.SslOptions.CertificateChainPolicy = TrustOnly(certificateAuthority);
        }

        return handler;
    }

    private static X509ChainPolicy TrustOnly(string path)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy;
    }
}
