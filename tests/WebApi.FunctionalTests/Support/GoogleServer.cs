using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A person at Google.</summary>
public sealed record GoogleAccount(string Subject, string Email, bool EmailVerified = true, string Name = "Ada Lovelace");

/// <summary>
/// A real HTTP server on loopback that signs people in as Google does (OpenID Connect, code flow, PKCE), and misbehaves on demand. A code
/// carries its own misbehaviour, so that tests which run side by side do not disturb each other.
/// </summary>
public sealed class GoogleServer : IAsyncDisposable
{
    public const string ClientId = "platform.apps.example.com";
    public const string ClientSecret = "google-Qw7pT2xK-registered-secret";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _host;
    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly ConcurrentDictionary<string, Grant> _tokens = new();

    private GoogleServer(WebApplication host)
    {
        _host = host;
        host.MapGet("/.well-known/openid-configuration", Discovery);
        host.MapGet("/keys", Keys);
        host.MapPost("/token", (Delegate)TokenAsync);
        host.MapGet("/userinfo", (Delegate)UserInfoAsync);
    }

    public string Address => _host.Urls.Single();

    /// <summary>The configuration of a platform that is registered here.</summary>
    public (string Key, string? Value)[] Settings =>
    [
        ("Google:Authority", Address), ("Google:ClientId", ClientId), ("Google:ClientSecret", ClientSecret), ("Google:Timeout", "00:00:05"),
    ];

    public static async Task<GoogleServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new GoogleServer(builder.Build());
        await server._host.StartAsync();
        return server;
    }

    /// <summary>A person signs in at an address that the platform named.</summary>
    /// <returns>What their browser is sent back with.</returns>
    public (string Code, string State) SignIn(Uri address, GoogleAccount account, Action<Misbehavior>? misbehave = null)
    {
        var asked = HttpUtility.ParseQueryString(address.Query);
        Assert.That(asked["code_challenge_method"], Is.EqualTo("S256"));
        var grant = new Grant(account, asked["nonce"]!, asked["code_challenge"]!, asked["redirect_uri"]!, new Misbehavior());
        misbehave?.Invoke(grant.Misbehavior);
        var code = $"4/{Unique.Id():N}";
        _codes[code] = grant;
        return (code, asked["state"]!);
    }

    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(impatient.Token);
        await _host.DisposeAsync();
        _rsa.Dispose();
    }

    private IResult Discovery() => Results.Json(new Dictionary<string, object>
    {
        ["issuer"] = Address,
        ["authorization_endpoint"] = $"{Address}/authorize",
        ["token_endpoint"] = $"{Address}/token",
        ["userinfo_endpoint"] = $"{Address}/userinfo",
        ["jwks_uri"] = $"{Address}/keys",
    });

    private IResult Keys()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return Results.Json(new
        {
            keys = new[]
            {
                new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) },
            },
        });
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code"
            || !_codes.TryRemove(form["code"].ToString(), out var grant)
            || grant.Challenge != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
            || grant.RedirectUri != form["redirect_uri"])
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
        }

        if (grant.Misbehavior.InPlaceOfTokens is { } instead)
        {
            return await instead(http);
        }

        var accessToken = $"ya29.{Unique.Id():N}";
        _tokens[accessToken] = grant;
        var answer = new Dictionary<string, object?>
        {
            ["access_token"] = accessToken,
            ["expires_in"] = 3599,
            ["token_type"] = "Bearer",
            ["id_token"] = IdToken(grant),
        };
        grant.Misbehavior.Tokens?.Invoke(answer);
        return Results.Json(answer);
    }

    private async Task<IResult> UserInfoAsync(HttpContext http)
    {
        if (!_tokens.TryGetValue(http.Request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal), out var grant))
        {
            return Results.Unauthorized();
        }

        if (grant.Misbehavior.InPlaceOfProfile is { } instead)
        {
            return await instead(http);
        }

        var profile = new Dictionary<string, object?>
        {
            ["sub"] = grant.Account.Subject,
            ["email"] = grant.Account.Email,
            ["email_verified"] = grant.Account.EmailVerified,
            ["name"] = grant.Account.Name,
            ["picture"] = "https://pictures.example.com/a",
        };
        grant.Misbehavior.Profile?.Invoke(profile);
        return Results.Json(profile);
    }

    private string IdToken(Grant grant)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Address,
            ["aud"] = ClientId,
            ["sub"] = grant.Account.Subject,
            ["nonce"] = grant.Nonce,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        grant.Misbehavior.Claims?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = grant.Misbehavior.SignWith is { } other
                ? other()
                : new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private sealed record Grant(GoogleAccount Account, string Nonce, string Challenge, string RedirectUri, Misbehavior Misbehavior);
}

/// <summary>What is wrong with one sign-in.</summary>
public sealed class Misbehavior
{
    /// <summary>Changes the claims of the id token.</summary>
    public Action<Dictionary<string, object>>? Claims { get; set; }

    /// <summary>Signs the id token with something else; <see langword="null"/> credentials sign it with nothing.</summary>
    public Func<SigningCredentials?>? SignWith { get; set; }

    /// <summary>Changes the answer of the token endpoint.</summary>
    public Action<Dictionary<string, object?>>? Tokens { get; set; }

    /// <summary>Changes the profile.</summary>
    public Action<Dictionary<string, object?>>? Profile { get; set; }

    /// <summary>Answers in place of the token endpoint.</summary>
    public Func<HttpContext, Task<IResult>>? InPlaceOfTokens { get; set; }

    /// <summary>Answers in place of the profile.</summary>
    public Func<HttpContext, Task<IResult>>? InPlaceOfProfile { get; set; }
}
