using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Who registers somebody else's address has nothing left of it once its owner comes.</summary>
public sealed class PreHijackTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task FirstProofOfAnAddress_EndsEverythingThatWasThereBefore()
    {
        var stranger = await Holder.RegisterAsync(Platform, Api);
        var refresh = (await Api.PostAsync("/auth/login", new { email = stranger.Email, password = Holder.Password }))["refresh_token"]!.GetValue<string>();

        var owner = await Api.SignInByCodeAsync(Platform, stranger.Email);

        foreach (var held in stranger.Credentials)
        {
            Assert.That((await Api.WithAsync(held.Header, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), held.Kind);
        }

        (await Api.PostAsync("/auth/login", new { username = stranger.Email, password = Holder.Password })).AssertDetail(401, "Incorrect email or password");
        (await Api.PostAsync("/api/v1/auth/login", new { email = stranger.Email, password = Holder.Password })).AssertDetail(401, "Incorrect email or password");
        (await Api.PostAsync("/auth/refresh", new { refresh_token = refresh })).AssertDetail(401, "Invalid refresh token");
        Assert.That((await Api.AsAsync(owner, HttpMethod.Get, "/auth/me"))["email"]!.GetValue<string>(), Is.EqualTo(stranger.Email));
    }

    [Test]
    public async Task FirstProofOfAnAddress_IsWrittenDown()
    {
        var stranger = await Holder.RegisterAsync(Platform, Api);

        await Api.SignInByCodeAsync(Platform, stranger.Email);

        var changes = await Platform.QueryAsync(db => db.Set<AdministrativeChange>().AsNoTracking()
            .Where(change => change.ResourceId == stranger.Id.ToString() && change.Action == ChangeAction.Update).Select(change => change.After).ToListAsync());
        var revoked = await Platform.QueryAsync(db => db.Set<ApiKey>().CountAsync(key => key.UserId == stranger.Id && key.RevokedAt != null));
        Assert.That(changes, Has.One.Matches<string?>(after => after!.Contains("password_hash") && after.Contains("email_verified_at")));
        Assert.That(revoked, Is.EqualTo(5));
    }

    [Test]
    public async Task LaterProofs_KeepWhatTheOwnerMade()
    {
        var stranger = await Holder.RegisterAsync(Platform, Api);
        var first = await Api.SignInByCodeAsync(Platform, stranger.Email);
        var token = (await Api.AsAsync(first, HttpMethod.Post, "/auth/token", new { name = "mine" }))["token"]!.GetValue<string>();

        await Api.SignInByCodeAsync(Platform, stranger.Email);

        foreach (var credential in new[] { first, token })
        {
            Assert.That((await Api.AsAsync(credential, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task FirstProofOfAnAddress_ThatAnAdministratorGaveItsCredentials_KeepsThem()
    {
        var person = await Api.UserAsync();

        await Api.SignInByCodeAsync(Platform, person.Email);

        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
