using System.Text;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>What somebody who is not Google, or a Google that is not well, may answer.</summary>
internal static class GoogleMisbehaviors
{
    /// <summary>Answers that prove nothing of who signs in.</summary>
    public static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Named("no access token", wrong => wrong.Tokens = answer => answer.Remove("access_token"));
        yield return Named("no id token", wrong => wrong.Tokens = answer => answer.Remove("id_token"));
        yield return Named("id token is no token", wrong => wrong.Tokens = answer => answer["id_token"] = "x.y.z");
        yield return Named("for another platform", wrong => wrong.Claims = claims => claims["aud"] = "another");
        yield return Named("for two platforms, meant for another", wrong => wrong.Claims = claims =>
        {
            claims["aud"] = new[] { GoogleServer.ClientId, "another" };
            claims["azp"] = "another";
        });
        yield return Named("of another issuer", wrong => wrong.Claims = claims => claims["iss"] = "https://accounts.example.com");
        yield return Named("of another sign-in", wrong => wrong.Claims = claims => claims["nonce"] = "another");
        yield return Named("without a nonce", wrong => wrong.Claims = claims => claims.Remove("nonce"));
        yield return Named("expired", wrong => wrong.Claims = claims => claims["exp"] = 1_700_000_000L);
        yield return Named("that never expires", wrong => wrong.Claims = claims => claims.Remove("exp"));
        yield return Named("for a time to come", wrong => wrong.Claims = claims => claims["nbf"] = 4_000_000_000L);
        yield return Named("signed by nobody", wrong => wrong.SignWith = () => null);
        yield return Named("signed with the secret", wrong => wrong.SignWith = () => new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(GoogleServer.ClientSecret)), SecurityAlgorithms.HmacSha256));
        yield return Named("signed with another key", wrong => wrong.SignWith = () => new SigningCredentials(
            new RsaSecurityKey(System.Security.Cryptography.RSA.Create(2048)) { KeyId = "1" }, SecurityAlgorithms.RsaSha256));
        yield return Named("profile of somebody else", wrong => wrong.Profile = profile => profile["sub"] = "another");
        yield return Named("profile without an address", wrong => wrong.Profile = profile => profile.Remove("email"));
        yield return Named("profile with half an address", wrong => wrong.Profile = profile => profile["email"] = "nobody");
        yield return Named("tokens are a list", wrong => wrong.InPlaceOfTokens = _ => Task.FromResult(Results.Json(new[] { 1 })));
        yield return Named("tokens are no JSON", wrong => wrong.InPlaceOfTokens = _ => Task.FromResult(Results.Text("<html>")));
        yield return Named("profile is no JSON", wrong => wrong.InPlaceOfProfile = _ => Task.FromResult(Results.Text("<html>")));
        yield return Named("profile refused", wrong => wrong.InPlaceOfProfile = _ => Task.FromResult(Results.StatusCode(403)));
    }

    /// <summary>Answers that are none.</summary>
    public static IEnumerable<TestCaseData> Failures()
    {
        yield return Named("fails", wrong => wrong.InPlaceOfTokens = _ => Task.FromResult(Results.StatusCode(500)));
        yield return Named("sends elsewhere", wrong => wrong.InPlaceOfTokens = _ => Task.FromResult(Results.Redirect("http://127.0.0.1:1/")));
        yield return Named("breaks off", wrong => wrong.InPlaceOfTokens = http =>
        {
            http.Abort();
            return Task.FromResult(Results.Empty);
        });
        yield return Named("is silent", wrong => wrong.InPlaceOfProfile = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return Results.Empty;
        });
        yield return Named("says too much", wrong => wrong.InPlaceOfProfile = _ => Task.FromResult(Results.Text(new string(' ', 1_000_000))));
    }

    private static TestCaseData Named(string name, Action<Misbehavior> misbehave) =>
        new TestCaseData(misbehave).SetArgDisplayNames(name);
}
