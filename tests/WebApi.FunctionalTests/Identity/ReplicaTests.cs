using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>What one replica changes binds the other within a second, whatever the other has in memory.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class ReplicaTests(DatabaseProvider database)
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1.05);

    [Test]
    public async Task Revocation_OnAnotherReplica_BindsWithinASecond()
    {
        await using var replicas = await TwoReplicas.StartAsync(database);
        var person = await replicas.One.UserAsync();
        var before = await AskAsync(replicas.Other, person);
        var revoked = await replicas.One.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        await Task.Delay(ASecond);
        var after = await AskAsync(replicas.Other, person);

        Assert.That((before.Status, revoked.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), revoked.Text);
        Assert.That(after.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Deactivation_OnAnotherReplica_BindsWithinASecondAndIsUndoneAsFast()
    {
        await using var replicas = await TwoReplicas.StartAsync(database);
        var person = await replicas.One.UserAsync();
        await AskAsync(replicas.Other, person);

        await replicas.One.UpdateUserAsync(person.Id, ("active", false));
        await Task.Delay(ASecond);
        var inactive = await AskAsync(replicas.Other, person);
        await replicas.One.UpdateUserAsync(person.Id, ("active", true));
        await Task.Delay(ASecond);
        var active = await AskAsync(replicas.Other, person);

        Assert.That((inactive.Status, active.Status), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Session_WhenItEndsOnAnotherReplica_IsRefusedWithinASecond()
    {
        await using var replicas = await TwoReplicas.StartAsync(database);
        var member = await replicas.One.MemberAsync();
        var token = (await replicas.One.AsAsync(member.Session, HttpMethod.Post, "/auth/token", new { name = "x" }))["token"]!.GetValue<string>();
        var id = (await replicas.One.AsAsync(member.Session, HttpMethod.Get, "/auth/token")).Json[0]!["id"]!.GetValue<string>();
        var before = await replicas.Other.AsAsync(member.Session, HttpMethod.Get, "/auth/me");
        var withToken = await replicas.Other.AsAsync(token, HttpMethod.Get, "/auth/me");

        await replicas.One.AsAsync(member.Session, HttpMethod.Delete, $"/auth/token/{id}");
        await replicas.One.AsAsync(member.Session, HttpMethod.Post, "/auth/logout");
        await Task.Delay(ASecond);

        Assert.That((before.Status, withToken.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), before.Text);
        foreach (var credential in new[] { member.Session, token })
        {
            Assert.That((await replicas.Other.AsAsync(credential, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task EachCredential_WhenItEndsOnAnotherReplica_IsRefusedOnEverySurfaceWithinASecond()
    {
        await using var replicas = await TwoReplicas.StartAsync(database);
        var person = await Holder.RegisterAsync(replicas.Platform, replicas.One);
        foreach (var held in person.Credentials)
        {
            await replicas.Other.AssertKnownOnEverySurfaceAsync(held);
        }

        foreach (var held in person.Credentials)
        {
            await held.EndAsync(replicas.One);
        }

        await Task.Delay(ASecond);
        foreach (var held in person.Credentials)
        {
            await replicas.Other.AssertRefusedOnEverySurfaceAsync(held);
        }
    }

    [Test]
    public async Task SigningKey_WhenAnotherReplicaRotatesIt_VerifiesWhatThatOneSigns()
    {
        await using var replicas = await TwoReplicas.StartAsync(database);
        var member = await replicas.One.MemberAsync();
        Assert.That((await replicas.Other.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));

        await replicas.One.PostAsync("/admin/rotate-signing-key", null, TestPlatform.AdminKey);
        var next = await replicas.One.SignInAsync(member.Email);

        foreach (var session in new[] { member.Session, next })
        {
            Assert.That((await replicas.Other.AsAsync(session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private static Task<Answer> AskAsync(Api api, Person person) =>
        api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);

    /// <summary>Two platforms on one database.</summary>
    private sealed class TwoReplicas(TestDatabase files, TestPlatform one, TestPlatform other) : IAsyncDisposable
    {
        public TestPlatform Platform { get; } = one;

        public Api One { get; } = one.Api();

        public Api Other { get; } = other.Api();

        public static async Task<TwoReplicas> StartAsync(DatabaseProvider database)
        {
            var files = await TestDatabase.CreateAsync(database);
            return new TwoReplicas(files, await OnAsync(files), await OnAsync(files));
        }

        public async ValueTask DisposeAsync()
        {
            await Platform.DisposeAsync();
            await other.DisposeAsync();
            await files.DisposeAsync();
        }

        private static Task<TestPlatform> OnAsync(TestDatabase files) =>
            TestPlatform.StartAsync(files.Provider, ("ConnectionStrings:Default", files.ConnectionString));
    }
}
