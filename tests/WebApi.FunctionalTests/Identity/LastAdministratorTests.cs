using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class LastAdministratorTests(DatabaseProvider database)
{
    private const int Rounds = 8;

    [TestCase("scope", "1")]
    [TestCase("active", "false")]
    public async Task LastAdministrator_WhenTheyGiveUpTheirRight_IsRefused(string field, string value)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();

        var answer = await api.UpdateUserAsync(await AdministratorIdAsync(platform), ("comment", "not kept"), (field, JsonNode.Parse(value)));

        answer.AssertForbidden("At least one active administrator is required");
        Assert.That((await api.GetAsync("/admin/users", TestPlatform.AdminKey))["users"]![0]!["comment"], Is.Null);
    }

    [Test]
    public async Task LastAdministrator_WhenTheOtherOneIsInactive_IsStillTheLast()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var id = await AdministratorIdAsync(platform);
        var other = await api.AdministratorAsync();
        await api.UpdateUserAsync(other.Id, ("active", false));

        (await api.UpdateUserAsync(id, ("scope", 1))).AssertForbidden("At least one active administrator is required");
    }

    [TestCase("scope", "1")]
    [TestCase("active", "false")]
    public async Task Administrator_WhenAnotherOneStays_MayGiveUpTheirRight(string field, string value)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var other = await api.AdministratorAsync();

        var answer = await api.PostAsync(
            "/admin/update-user",
            new JsonObject { ["token"] = other.Token, ["id"] = other.Id.ToString(), [field] = JsonNode.Parse(value) },
            other.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase("scope", "1", "0")]
    [TestCase("active", "false", "true")]
    public async Task Administrators_WhenTheyRemoveEachOtherAtOnce_LeaveExactlyOne(string field, string removed, string restored)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var second = await api.AdministratorAsync();
        var first = new Person(await AdministratorIdAsync(platform), "Administrator", string.Empty, TestPlatform.AdminKey, await api.TokenAsync());

        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(SetAsync(first, second, removed), SetAsync(second, first, removed));

            Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(1), answers[0].Text + answers[1].Text);
            Assert.That(await ActiveAdministratorsAsync(platform), Is.EqualTo(1));
            var (survivor, loser) = answers[0].Status is HttpStatusCode.OK ? (first, second) : (second, first);
            Assert.That((await SetAsync(survivor, loser, restored)).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        Task<Answer> SetAsync(Person by, Person whom, string value) => api.PostAsync(
            "/admin/update-user",
            new JsonObject { ["token"] = by.Token, ["id"] = whom.Id.ToString(), [field] = JsonNode.Parse(value) },
            by.ApiKey);
    }

    private static Task<Guid> AdministratorIdAsync(TestPlatform platform) => platform.QueryAsync(
        db => db.Set<User>().Where(user => user.UserName == "Administrator").Select(user => user.Id).SingleAsync());

    private static Task<int> ActiveAdministratorsAsync(TestPlatform platform) => platform.QueryAsync(
        db => db.Set<User>().CountAsync(user => user.Tier == Tiers.Administrator && user.Active && user.DeletedAt == null));
}
