using System.IdentityModel.Tokens.Jwt;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.Infrastructure.Identity.Google;

/// <summary>A code that a browser brought.</summary>
/// <param name="Code">The code.</param>
/// <param name="RedirectUri">Where the browser was sent back to.</param>
/// <param name="Ticket">What the sign-in began with.</param>
internal sealed record GoogleCode(string Code, string RedirectUri, GoogleTicket Ticket);

/// <summary>Redeems codes: tokens for the code, checks on the id token (OpenID Connect Core 1.0, section 3.1.3.7), and the profile.</summary>
internal sealed partial class GoogleExchange(
    GoogleHttpClient google, IOptions<GoogleOptions> options, TimeProvider time, ILogger<GoogleExchange> logger)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    private static readonly OpenIdConnectProtocolValidator Protocol = new() { RequireTimeStampInNonce = false, RequireStateValidation = false };

    /// <summary>Endpoints and keys.</summary>
    /// <exception cref="RefusedException">They cannot be read.</exception>
    public async Task<OpenIdConnectConfiguration> DiscoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await google.Discovery.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(failure);
        }
    }

    /// <summary>The profile of the person who brought a code; its <c>sub</c> is that of a checked id token.</summary>
    /// <exception cref="RefusedException">The code is good for nothing, what came for it is not for this platform, or Google does not answer.</exception>
    public async Task<JsonDocument> RedeemAsync(GoogleCode code, CancellationToken cancellationToken)
    {
        var configuration = await DiscoverAsync(cancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string?>
        {
            [OpenIdConnectParameterNames.GrantType] = OpenIdConnectGrantTypes.AuthorizationCode,
            [OpenIdConnectParameterNames.Code] = code.Code,
            [OpenIdConnectParameterNames.RedirectUri] = code.RedirectUri,
            [OpenIdConnectParameterNames.ClientId] = options.Value.ClientId,
            [OpenIdConnectParameterNames.ClientSecret] = options.Value.ClientSecret,
            ["code_verifier"] = code.Ticket.Verifier,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint) { Content = form };
        var context = new OpenIdConnectProtocolValidationContext
        {
            ClientId = options.Value.ClientId,
            Nonce = code.Ticket.Nonce,
            ProtocolMessage = Message(await AskAsync(request, cancellationToken)),
        };
        await CheckAsync(context);
        return await ReadProfileAsync(configuration, context, cancellationToken);
    }

    private async Task CheckAsync(OpenIdConnectProtocolValidationContext context)
    {
        var (accessToken, idToken) = (context.ProtocolMessage.AccessToken, context.ProtocolMessage.IdToken);
        if (string.IsNullOrEmpty(accessToken) || string.IsNullOrEmpty(idToken))
        {
            throw new RefusedException(GoogleErrors.NoToken);
        }

        var checkedToken = await Tokens.ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ConfigurationManager = google.Discovery,
            ValidAudience = options.Value.ClientId,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        if (!checkedToken.IsValid)
        {
            throw Refusal(checkedToken.Exception);
        }

        try
        {
            context.ValidatedIdToken = new JwtSecurityToken(idToken);
            Protocol.ValidateTokenResponse(context);
        }
        catch (OpenIdConnectProtocolException failure)
        {
            throw Refusal(failure);
        }
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now < expires + ClockSkew && !(notBefore > now + ClockSkew);
    }

    private async Task<JsonDocument> ReadProfileAsync(
        OpenIdConnectConfiguration configuration, OpenIdConnectProtocolValidationContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, configuration.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.ProtocolMessage.AccessToken);
        var profile = Object(await AskAsync(request, cancellationToken));
        if (profile.RootElement.TryGetProperty("sub", out var subject)
            && subject.ValueKind is JsonValueKind.String && subject.ValueEquals(context.ValidatedIdToken.Subject))
        {
            return profile;
        }

        profile.Dispose();
        throw new RefusedException(GoogleErrors.NoToken);
    }

    /// <summary>Asks Google; a refusal of its is one, and everything else that is no answer is Google's failure.</summary>
    private async Task<string> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await google.Http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is >= 400 and < 500)
            {
                LogRefused((int)response.StatusCode);
                throw new RefusedException(GoogleErrors.NoToken);
            }

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(failure);
        }
    }

    private OpenIdConnectMessage Message(string json)
    {
        using var parsed = Object(json);
        return new OpenIdConnectMessage(json);
    }

    private JsonDocument Object(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw new RefusedException(GoogleErrors.NoToken);
        }
        catch (JsonException malformed)
        {
            throw Refusal(malformed);
        }
    }

    // Types and codes alone: messages can carry the token.
    private RefusedException Refusal(Exception failure)
    {
        LogNotVouched(failure.GetType().Name);
        return new RefusedException(GoogleErrors.NoToken, failure);
    }

    private RefusedException Unreachable(Exception failure)
    {
        LogUnreachable((failure.InnerException ?? failure).GetType().Name);
        return new RefusedException(GoogleErrors.Unreachable, failure);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Google refused a code or a token with status {Status}")]
    private partial void LogRefused(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What Google gave for a code is not what it would give this platform: {Failure}")]
    private partial void LogNotVouched(string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Google gave no answer: {Failure}")]
    private partial void LogUnreachable(string failure);
}
