using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;

namespace AiPlatform.Infrastructure.Identity.Entra;

/// <summary>
/// The organisation's application at its identity provider. The token that it is granted proves that the organisation stands
/// behind it; it is dropped here and never leaves the process.
/// </summary>
internal sealed class EntraApplication(IOptions<EntraOptions> options, EntraHttpClient http)
{
    private static readonly string[] MicrosoftClouds = [".microsoftonline.com", ".microsoftonline.us", ".microsoftonline.cn"];

    private readonly Lazy<IConfidentialClientApplication> _application = new(() => Build(options.Value, http));

    /// <summary>Asks for a token anew, past every cache.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When what was granted ends, UTC.</returns>
    /// <exception cref="MsalException">The provider refuses, fails, or cannot be understood.</exception>
    public async Task<DateTimeOffset> AcquireAsync(CancellationToken cancellationToken)
    {
        var result = await _application.Value.AcquireTokenForClient([options.Value.Scope])
            .WithForceRefresh(true)
            .ExecuteAsync(cancellationToken);
        return result.ExpiresOn;
    }

    private static IConfidentialClientApplication Build(EntraOptions options, EntraHttpClient http)
    {
        var builder = ConfidentialClientApplicationBuilder.Create(options.ClientId)
            .WithClientSecret(options.ClientSecret)
            .WithHttpClientFactory(http, retryOnceOn5xx: false);
        var isMicrosoft = Array.Exists(
            MicrosoftClouds, cloud => new Uri(options.Authority).Host.EndsWith(cloud, StringComparison.OrdinalIgnoreCase));
        return (isMicrosoft ? builder.WithAuthority(options.Issuer) : builder.WithOidcAuthority(options.Issuer)).Build();
    }
}
