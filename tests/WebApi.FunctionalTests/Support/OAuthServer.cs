using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Web;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A directory of its own on the OAuth server that the tests share, and the switch that makes it misbehave.</summary>
public sealed class OAuthServer : IDisposable
{
    public const string ClientId = "11111111-2222-4333-8444-555555555555";
    public const string ClientSecret = "organisation-Zx81qLm4-credential";

    private readonly HttpClient _http;
    private readonly Uri _control;

    public OAuthServer()
    {
        var authority = new Uri(Services.Require("AIPLATFORM_TEST_OAUTH_AUTHORITY"));
        Address = authority.GetLeftPart(UriPartial.Authority);
        _control = new Uri(new Uri(Services.Require("AIPLATFORM_TEST_OAUTH_CONTROL")), Tenant);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = Trust() } });
    }

    public string Address { get; }

    public string Tenant { get; } = $"tenant-{Unique.Id():N}";

    public static string Certificate => Services.Require("AIPLATFORM_TEST_OAUTH_CERTIFICATE");

    /// <summary>The configuration of a platform whose tokens this directory stands behind.</summary>
    public (string Key, string? Value)[] Settings() =>
    [
        ("Tokens:Issuer", "Entra"),
        ("Entra:Authority", Address),
        ("Entra:TenantId", Tenant),
        ("Entra:ClientId", ClientId),
        ("Entra:ClientSecret", ClientSecret),
        ("Entra:CertificateAuthority", Certificate),
    ];

    /// <summary>The configuration of a platform whose people sign in here.</summary>
    public (string Key, string? Value)[] GoogleSettings() =>
    [
        ("Google:Authority", $"{Address}/{Tenant}"),
        ("Google:ClientId", ClientId),
        ("Google:ClientSecret", ClientSecret),
        ("Google:CertificateAuthority", Certificate),
    ];

    /// <summary>Signs the directory's only person in, whose address is from now on <paramref name="email"/>.</summary>
    /// <param name="address">Where the platform sends browsers to.</param>
    /// <param name="email">The address.</param>
    /// <returns>What the browser is sent back with.</returns>
    public async Task<(string Code, string State)> AuthorizeAsync(Uri address, string email)
    {
        using var set = await _http.PutAsync(new Uri($"{_control}?email={Uri.EscapeDataString(email)}"), null);
        set.EnsureSuccessStatusCode();
        using var answer = await _http.GetAsync(address);
        var back = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        return (back["code"]!, back["state"]!);
    }

    /// <summary>Makes the directory answer so from now on: <c>ok</c>, <c>refuse</c>, <c>hang</c> or <c>500</c>.</summary>
    public async Task SetModeAsync(string mode)
    {
        using var answer = await _http.PutAsync(new Uri($"{_control}?mode={mode}"), null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often it was asked for a token.</summary>
    public async Task<int> RequestsAsync() => JsonNode.Parse(await _http.GetStringAsync(_control))!["requests"]!.GetValue<int>();

    public void Dispose() => _http.Dispose();

    private static X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Certificate);
        return policy;
    }
}
