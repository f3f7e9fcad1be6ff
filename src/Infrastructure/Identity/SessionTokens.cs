using AiPlatform.Application.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class SessionTokens(SigningKeys keys, IOptions<SessionOptions> options, TimeProvider time) : ISessionTokens
{
    private const string SessionId = "sid";

    // A replica's clock may be a little ahead of another's.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public async Task<string> SignAsync(SessionClaims claims, CancellationToken cancellationToken)
    {
        var key = await keys.NewestAsync(cancellationToken);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer,
            Audience = options.Value.Issuer,
            IssuedAt = claims.IssuedAt.UtcDateTime,
            NotBefore = claims.IssuedAt.UtcDateTime,
            Expires = claims.ExpiresAt.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = claims.UserId.ToString("D"),
                [SessionId] = claims.SessionId.ToString("D"),
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(claims.IssuedAt).ToString("D"),
            },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
    }

    public async Task<SessionClaims?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (!Handler.CanReadToken(token) || await FindKeyAsync(token, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidIssuer = options.Value.Issuer,
            ValidAudience = options.Value.Issuer,
            ClockSkew = ClockSkew,
            RequireExpirationTime = true,
            ValidateLifetime = false,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken signed } ? ClaimsOf(signed) : null;
    }

    private SessionClaims? ClaimsOf(JsonWebToken token) =>
        Guid.TryParseExact(token.Subject, "D", out var userId)
        && token.TryGetPayloadValue<string>(SessionId, out var sid) && Guid.TryParseExact(sid, "D", out var sessionId)
        && token.ValidFrom <= time.GetUtcNow().UtcDateTime + ClockSkew
            ? new SessionClaims(userId, sessionId, Utc(token.IssuedAt), Utc(token.ValidTo))
            : null;

    private static DateTimeOffset Utc(DateTime instant) => new(instant, TimeSpan.Zero);

    private async Task<SecurityKey?> FindKeyAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            return Guid.TryParseExact(new JsonWebToken(token).Kid, "D", out var kid) ? await keys.FindAsync(kid, cancellationToken) : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
