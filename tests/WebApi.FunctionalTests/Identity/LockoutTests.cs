using System.Globalization;
using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>
/// Guessing makes the guesser wait, at every door alike, and locks nobody out for good: whoever has the right password or
/// another credential gets in.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LockoutTests(DatabaseProvider database)
{
    private const string AdminName = "lockout_admin";
    private const string AdminPassword = "lockout-password-7";
    private const string StaffPassword = "support123";
    private const string TooMany = "Too many failed sign-in attempts. Try again later.";

    private TestPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _platform = await TestPlatform.ListenAsync(
        database, ("TRUSTED_PROXIES", "127.0.0.1"), ("Bootstrap:AdminUserName", AdminName), ("Bootstrap:AdminPassword", AdminPassword));

    [OneTimeTearDown]
    public async Task StopAsync() => await _platform.DisposeAsync();

    [TestCase("/api/v1/staff/login")]
    [TestCase("/api/v1/admin/login")]
    [TestCase("/api/v1/auth/login")]
    public async Task SignIn_AfterManyFailuresFromOneAddress_MakesThatAddressWait(string path)
    {
        var (name, password) = await AccountAsync(path);
        var (guesser, owner) = (From(NewAddress()), From(NewAddress()));

        Answer answer;
        var guesses = 0;
        do
        {
            answer = await SignInAsync(guesser, path, name, $"guess-{guesses++}");
        }
        while (answer.Status is HttpStatusCode.Unauthorized && guesses < 20);

        answer.AssertDetail(429, TooMany);
        Assert.That(guesses, Is.EqualTo(7));
        Assert.That(Wait(answer), Is.InRange(1, 900));
        (await SignInAsync(guesser, path, name, password)).AssertDetail(429, TooMany);
        Assert.That((await SignInAsync(owner, path, name, password)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("/api/v1/staff/login")]
    [TestCase("/api/v1/admin/login")]
    [TestCase("/api/v1/auth/login")]
    public async Task SignIn_WhileManyAddressesGuess_LetsTheOwnerInFromWhereTheyWereBefore(string path)
    {
        var (name, password) = await AccountAsync(path);
        var owner = From(NewAddress());
        var before = await SignInAsync(owner, path, name, password);

        await GuessFromManyAddressesAsync(path, name);
        var stranger = await SignInAsync(From(NewAddress()), path, name, "one-guess-more");
        var again = await SignInAsync(owner, path, name, password);

        stranger.AssertDetail(429, TooMany);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Text);
        Assert.That(
            (await owner.AsAsync(before["access_token"]!.GetValue<string>(), HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK), "A session goes on.");
    }

    [Test]
    public async Task SignIn_WhileManyAddressesGuess_LetsTheOwnerInFromAnywhereWithinAMinute()
    {
        await using var platform = await TestPlatform.ListenAsync(database, ("TRUSTED_PROXIES", "127.0.0.1"));
        var person = await From(NewAddress(), platform).RegisterAsync();
        await GuessFromManyAddressesAsync("/api/v1/auth/login", person.Email, platform);
        var abroad = From(NewAddress(), platform);

        var refused = await SignInAsync(abroad, "/api/v1/auth/login", person.Email, People.Password);
        platform.Clock.Advance(TimeSpan.FromSeconds(Wait(refused)));
        var accepted = await SignInAsync(abroad, "/api/v1/auth/login", person.Email, People.Password);

        refused.AssertDetail(429, TooMany);
        Assert.That(Wait(refused), Is.InRange(1, 60));
        Assert.That(accepted.Status, Is.EqualTo(HttpStatusCode.OK), accepted.Text);
        Assert.That((await abroad.VerifyAsync(person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK), "A key never waits.");
    }

    private async Task<(string Name, string Password)> AccountAsync(string path)
    {
        var api = From(NewAddress());
        switch (path)
        {
            case "/api/v1/staff/login":
                return ((await api.StaffAsync("support")).Username, StaffPassword);
            case "/api/v1/admin/login":
                // Each test guesses at an administrator of its own.
                var administrator = await api.RegisterAsync();
                await MakeAdministratorAsync(api, administrator);
                return (administrator.Username, People.Password);
            default:
                return ((await api.RegisterAsync()).Email, People.Password);
        }
    }

    private static async Task MakeAdministratorAsync(Api api, Registered person)
    {
        var id = (await api.BearerAsync(HttpMethod.Get, "/check-balance", person.Session))["user_id"]!.GetValue<Guid>();
        var answer = await api.UpdateUserAsync(id, ("scope", 0));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    private Task GuessFromManyAddressesAsync(string path, string name) => GuessFromManyAddressesAsync(path, name, _platform);

    private static async Task GuessFromManyAddressesAsync(string path, string name, TestPlatform platform)
    {
        Answer answer;
        var guesses = 0;
        do
        {
            answer = await SignInAsync(From(NewAddress(), platform), path, name, $"guess-{guesses}");
        }
        while (answer.Status is HttpStatusCode.Unauthorized && ++guesses < 40);

        answer.AssertDetail(429, TooMany);
        Assert.That(guesses, Is.GreaterThanOrEqualTo(20), "A few wrong passwords from elsewhere concern nobody.");
    }

    private static Task<Answer> SignInAsync(Api api, string path, string name, string password) => api.PostAsync(
        path, path == "/api/v1/auth/login" ? new { email = name, password } : new { username = name, password });

    private static int Wait(Answer answer) => int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);

    private Api From(string address) => From(address, _platform);

    /// <summary>Calls that come from an address, as a trusted proxy tells it.</summary>
    private static Api From(string address, TestPlatform platform)
    {
        var client = new HttpClient { BaseAddress = platform.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return new Api(client);
    }

    private static string NewAddress() => new IPAddress(Unique.Id().ToByteArray()).ToString();
}
