using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AiPlatform.Infrastructure.Identity.Google;

/// <summary>The connections to Google, and what its discovery document says.</summary>
internal sealed class GoogleHttpClient : IDisposable
{
    // A discovery document, keys, tokens and a profile are a few KiB each.
    private const int MaxAnswerBytes = 256 * 1024;

    public GoogleHttpClient(IOptions<GoogleOptions> options)
    {
        Http = new HttpClient(ProviderHandler.Create(options.Value.CertificateAuthority))
        {
            Timeout = options.Value.Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        var authority = options.Value.Authority.TrimEnd('/');
        Discovery = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{authority}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(Http) { RequireHttps = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });
    }

    public HttpClient Http { get; }

    /// <summary>Endpoints and keys, read when they are first needed and again every twelve hours.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> Discovery { get; }

    public void Dispose() => Http.Dispose();
}
