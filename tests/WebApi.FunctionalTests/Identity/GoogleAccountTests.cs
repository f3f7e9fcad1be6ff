using System.Net;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>What becomes of people after Google let them in.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class GoogleAccountTests(DatabaseProvider database) : IAsyncDisposable
{
    private GoogleServer _google = null!;
    private TestPlatform _platform = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _google = await GoogleServer.StartAsync();
        _platform = await TestPlatform.StartAsync(database, _google.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _google.DisposeAsync();
    }

    [Test]
    public async Task Password_OfSomebodyWhoCameByGoogle_CanBeSetRightAfterTheSignIn()
    {
        var (api, account) = (_platform.Api(), Account());
        var session = (await new GoogleBrowser(_platform).SignInAsync(_google, account))["access_token"]!.GetValue<string>();

        var answer = await api.AsAsync(session, HttpMethod.Put, "/auth/me/update", new { new_password = "a-first-password-1" });

        Assert.That((answer.Status, answer["email"]!.GetValue<string>()), Is.EqualTo((HttpStatusCode.OK, account.Email)), answer.Text);
        Assert.That(await api.SignInAsync(account.Email, "a-first-password-1"), Is.Not.Empty);
        var again = await new GoogleBrowser(_platform).SignInAsync(_google, account);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Text);
    }

    [Test]
    public async Task SignIn_WhenAccountsCannotBeRead_SaysThatAnErrorOccurred()
    {
        await _platform.BreakAsync("ALTER TABLE users RENAME TO users_gone");
        _platform.Services.GetRequiredService<IReadCache>().Forget();

        (await new GoogleBrowser(_platform).SignInAsync(_google, Account())).AssertDetail(HttpStatusCode.InternalServerError, "An error occurred");
    }

    private static GoogleAccount Account() => new($"{Unique.Id():N}", Unique.Email(), Name: "Ada Lovelace");
}
