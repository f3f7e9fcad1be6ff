using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;

namespace AiPlatform.Infrastructure.Identity.Entra;

/// <summary>The connections to the organisation's identity provider.</summary>
internal sealed class EntraHttpClient : IMsalHttpClientFactory, IDisposable
{
    // So that a changed DNS entry is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;

    public EntraHttpClient(IOptions<EntraOptions> options)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, AllowAutoRedirect = false };
        if (options.Value.CertificateAuthority is { Length: > 0 } path)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthority.TrustOnly(path);
        }

        // The pipeline around each request has the time-out; this one only bounds what escapes it.
        _client = new HttpClient(handler) { Timeout = 2 * options.Value.Timeout };
    }

    public HttpClient GetHttpClient() => _client;

    public void Dispose() => _client.Dispose();
}
