using System.Text.Json;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AiPlatform.Infrastructure.Identity.Google;

internal sealed class GoogleSignIn(
    IOptions<GoogleOptions> options, IOptions<PlatformOptions> platform, GoogleExchange exchange, ISecretSeal seal, TimeProvider time)
    : IGoogleSignIn, ISignInProviders
{
    public IReadOnlyList<SignInProvider> Configured => options.Value.IsConfigured
        ? [new SignInProvider("google", "Google", $"{platform.Value.PublicUrl.TrimEnd('/')}/login/google")]
        : [];

    private string RedirectUri => options.Value.RedirectUri is { Length: > 0 } given ? given : $"{platform.Value.PublicUrl.TrimEnd('/')}/auth/google";

    public async Task<GoogleDeparture> BeginAsync(CancellationToken cancellationToken)
    {
        RequireConfigured();
        var ticket = GoogleTicket.Issue(time.GetUtcNow());
        var request = new OpenIdConnectMessage
        {
            IssuerAddress = (await exchange.DiscoverAsync(cancellationToken)).AuthorizationEndpoint,
            ResponseType = OpenIdConnectResponseType.Code,
            ClientId = options.Value.ClientId,
            RedirectUri = RedirectUri,
            Scope = "openid profile email",
            State = ticket.State,
            Nonce = ticket.Nonce,
        };
        request.SetParameter("access_type", "offline");
        request.SetParameter("code_challenge", ticket.Challenge);
        request.SetParameter("code_challenge_method", "S256");
        return new GoogleDeparture(new Uri(request.CreateAuthenticationRequestUrl()), ticket.Seal(seal), GoogleTicket.Lifetime);
    }

    public async Task<GooglePerson> FinishAsync(GoogleArrival arrival, CancellationToken cancellationToken)
    {
        RequireConfigured();
        var ticket = GoogleTicket.Find(seal, arrival.Ticket, arrival.State, time.GetUtcNow()) ?? throw new RefusedException(GoogleErrors.InvalidState);
        using var profile = await exchange.RedeemAsync(new GoogleCode(arrival.Code, RedirectUri, ticket), cancellationToken);
        return PersonOf(profile.RootElement);
    }

    /// <summary>The person of a profile (OpenID Connect Core 1.0, section 5.1), as far as it can be kept.</summary>
    private static GooglePerson PersonOf(JsonElement profile)
    {
        if (Text(profile, "sub") is not { Length: > 0 and <= User.MaxSubjectLength } subject || subject.AsSpan().ContainsAnyExceptInRange(' ', '~')
            || Text(profile, "email") is not { } email || !User.IsEmail(email))
        {
            throw new RefusedException(GoogleErrors.NoToken);
        }

        return new GooglePerson(subject, email, IsTrue(profile, "email_verified"))
        {
            Name = Text(profile, "name"),
            GivenName = Text(profile, "given_name"),
            FamilyName = Text(profile, "family_name"),
            Picture = Text(profile, "picture"),
        };
    }

    private static string? Text(JsonElement profile, string claim) =>
        profile.TryGetProperty(claim, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // Some issuers write the claim as a text.
    private static bool IsTrue(JsonElement profile, string claim) =>
        profile.TryGetProperty(claim, out var value)
        && (value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.String && value.ValueEquals("true")));

    private void RequireConfigured()
    {
        if (!options.Value.IsConfigured)
        {
            throw new RefusedException(GoogleErrors.NotConfigured);
        }
    }
}
