using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;

namespace AiPlatform.Infrastructure.Identity.Entra;

/// <summary>The connections to the organisation's identity provider.</summary>
internal sealed class EntraHttpClient(IOptions<EntraOptions> options) : IMsalHttpClientFactory, IDisposable
{
    // The pipeline around each request has the time-out; this one only bounds what escapes it.
    private readonly HttpClient _client = new(ProviderHandler.Create(options.Value.CertificateAuthority)) { Timeout = 2 * options.Value.Timeout };

    public HttpClient GetHttpClient() => _client;

    public void Dispose() => _client.Dispose();
}
