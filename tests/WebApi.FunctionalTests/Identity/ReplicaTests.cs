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

    private static Task<Answer> AskAsync(Api api, Person person) =>
        api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);

    /// <summary>Two platforms on one database.</summary>
    private sealed class TwoReplicas(TestDatabase files, TestPlatform one, TestPlatform other) : IAsyncDisposable
    {
        public Api One { get; } = one.Api();

        public Api Other { get; } = other.Api();

        public static async Task<TwoReplicas> StartAsync(DatabaseProvider database)
        {
            var files = await TestDatabase.CreateAsync(database);
            return new TwoReplicas(files, await OnAsync(files), await OnAsync(files));
        }

        public async ValueTask DisposeAsync()
        {
            await one.DisposeAsync();
            await other.DisposeAsync();
            await files.DisposeAsync();
        }

        private static Task<TestPlatform> OnAsync(TestDatabase files) =>
            TestPlatform.StartAsync(files.Provider, ("ConnectionStrings:Default", files.ConnectionString));
    }
}
