using System.Net;
using System.Security.Claims;
using System.Text;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class SessionTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Refused = "Could not validate credentials";

    [Test]
    public async Task Cookie_WhenPresented_IdentifiesUntilItIsSignedOut()
    {
        var member = await Api.MemberAsync();

        Assert.That((await CookieAsync(member, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        var signedOut = await CookieAsync(member, HttpMethod.Post, "/auth/logout");

        Assert.That(signedOut["message"]!.GetValue<string>(), Is.EqualTo("Successfully logged out"));
        Assert.That(signedOut.Headers.GetValues("Set-Cookie").Single(), Does.StartWith("access_token=;"));
        (await CookieAsync(member, HttpMethod.Get, "/auth/me")).AssertDetail(401, Refused);
        (await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).AssertDetail(401, Refused);
    }

    [Test]
    public async Task SignOut_WithoutASession_SucceedsAsWell() =>
        Assert.That((await Api.PostAsync("/auth/logout")).Status, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    public async Task Cookie_WhenAnotherSiteAsksForAChange_IsRefused(string header, string value)
    {
        var member = await Api.MemberAsync();

        (await CookieAsync(member, HttpMethod.Post, "/auth/token", (header, value))).AssertDetail(
            403, "The request comes from another site. Send the token as Authorization: Bearer instead of a cookie.");
        Assert.That((await CookieAsync(member, HttpMethod.Get, "/auth/me", (header, value))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Cookie_WhenTheOwnPageAsksForAChange_IsAccepted()
    {
        var member = await Api.MemberAsync();

        var answer = await CookieAsync(member, HttpMethod.Post, "/auth/token", ("Origin", "http://localhost"));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task Token_AfterItsTime_IsRefused()
    {
        var platform = await TestPlatform.StartAsync(Database);
        await using var _ = platform;
        var member = await platform.Api().MemberAsync();
        platform.Clock.Advance(TimeSpan.FromMinutes(30));

        var answer = await platform.Api().AsAsync(member.Session, HttpMethod.Get, "/auth/me");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized), answer.Text);
    }

    [Test]
    public async Task Token_FromTheFuture_IsRefusedUntilItsTimeComes()
    {
        var platform = await TestPlatform.StartAsync(Database);
        await using var _ = platform;
        var now = platform.Clock.GetUtcNow();
        platform.Clock.Advance(TimeSpan.FromMinutes(20));
        var member = await platform.Api().MemberAsync();
        platform.Clock.Set(now);

        (await platform.Api().AsAsync(member.Session, HttpMethod.Get, "/auth/me")).AssertDetail(401, Refused);

        platform.Clock.Set(now.AddMinutes(21));
        Assert.That((await platform.Api().AsAsync(member.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Token_WhenForged_IsRefused()
    {
        var member = await Api.MemberAsync();
        var parts = member.Session.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]);
        var header = Base64UrlEncoder.Decode(parts[0]);
        var kid = new JsonWebToken(member.Session).Kid;

        foreach (var forged in new[]
        {
            $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Base64UrlEncoder.Encode($$"""{"alg":"none","kid":"{{kid}}"}""")}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}.{parts[2]}x",
            $"{parts[0]}.{Base64UrlEncoder.Encode(claims.Replace("\"sub\":\"", "\"sub\":\"0", StringComparison.Ordinal))}.{parts[2]}",
            $"{Base64UrlEncoder.Encode(header.Replace("HS256", "HS512", StringComparison.Ordinal))}.{parts[1]}.{parts[2]}",
            SignedWith("another-key-of-at-least-32-bytes-000", kid, TimeProvider.System.GetUtcNow().UtcDateTime),
            SignedWith("another-key-of-at-least-32-bytes-000", Unique.Id().ToString("D"), TimeProvider.System.GetUtcNow().UtcDateTime),
            "..", "a.b.c", "eyJ.eyJ.", $"{new string('a', 3000)}.b.c",
        })
        {
            (await Api.AsAsync(forged, HttpMethod.Get, "/auth/me")).AssertDetail(401, Refused);
        }
    }

    [Test]
    public async Task Token_AfterTheKeyWasRotated_IsAcceptedUntilItIsOver()
    {
        var platform = await TestPlatform.StartAsync(Database);
        await using var _ = platform;
        var api = platform.Api();
        var member = await api.MemberAsync();

        var rotated = await api.PostAsync("/admin/rotate-signing-key", null, TestPlatform.AdminKey);
        var next = await api.SignInAsync(member.Email);

        Assert.That(rotated.Status, Is.EqualTo(HttpStatusCode.OK), rotated.Text);
        Assert.That(new JsonWebToken(next).Kid, Is.EqualTo(rotated["key_id"]!.GetValue<string>()));
        Assert.That(new JsonWebToken(member.Session).Kid, Is.Not.EqualTo(new JsonWebToken(next).Kid));
        foreach (var token in new[] { member.Session, next })
        {
            Assert.That((await api.AsAsync(token, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Sessions_WhenListed_CanBeEndedOneByOne()
    {
        var member = await Api.MemberAsync();
        var other = await Api.SignInAsync(member.Email);

        var listed = (await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/sessions")).Json.AsArray();
        var notCurrent = listed.Single(session => !session!["is_current"]!.GetValue<bool>())!["id"]!.GetValue<string>();
        var ended = await Api.AsAsync(member.Session, HttpMethod.Delete, $"/auth/sessions/{notCurrent}");

        Assert.That(listed, Has.Count.EqualTo(2));
        Assert.That(ended["message"]!.GetValue<string>(), Is.EqualTo("Session ended successfully"));
        (await Api.AsAsync(other, HttpMethod.Get, "/auth/me")).AssertDetail(401, Refused);
        (await Api.AsAsync(member.Session, HttpMethod.Delete, $"/auth/sessions/{notCurrent}")).AssertDetail(404, "Session not found");
        Assert.That((await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Sessions_OfSomebodyElse_CannotBeEnded()
    {
        var (mine, other) = (await Api.MemberAsync(), await Api.MemberAsync());
        var id = (await Api.AsAsync(other.Session, HttpMethod.Get, "/auth/sessions")).Json[0]!["id"]!.GetValue<string>();

        (await Api.AsAsync(mine.Session, HttpMethod.Delete, $"/auth/sessions/{id}")).AssertDetail(404, "Session not found");
        Assert.That((await Api.AsAsync(other.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<Answer> CookieAsync(Member member, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", $"access_token={member.Session}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{"name":"of a cookie"}""", Encoding.UTF8, "application/json");
        }

        return await Api.SendAsync(request);
    }

    private static string SignedWith(string secret, string kid, DateTime now) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "aiplatform",
        Audience = "aiplatform",
        Expires = now.AddHours(1),
        Subject = new ClaimsIdentity([new Claim("sub", Unique.Id().ToString("D")), new Claim("sid", Unique.Id().ToString("D"))]),
        SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)) { KeyId = kid }, SecurityAlgorithms.HmacSha256),
    });
}
