using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>
/// Every route that takes a token, in its documented words. The bodies are wrong and the credits spent: nothing of a request is
/// looked at, and nothing is charged, before its token is good.
/// </summary>
public sealed class TokenRouteTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string OfModels = "Invalid token - not found in database";
    private const string OfFiles = "Invalid token";

    private static readonly (HttpMethod Method, string Path, string Unknown)[] Routes =
    [
        .. ModelPaths.Select(path => (HttpMethod.Post, path, OfModels)),
        (HttpMethod.Post, "/upload-file", OfFiles),
        (HttpMethod.Post, "/get-file-url", OfFiles),
        (HttpMethod.Delete, "/delete-file", OfFiles),
    ];

    /// <summary>The routes that call a model.</summary>
    internal static IReadOnlyList<string> ModelPaths =>
    [
        "/llm/deepseek-r1", "/llm/llama", "/llm/gpt-4o-mini", "/llm/gpt-4o", "/llm/o1-mini",
        "/image-generation/dalle3", "/image/generate", "/rag/query", "/rag-query",
    ];

    [Test]
    public async Task EveryRoute_WhenThereIsNoToken_SaysSoBeforeAnythingElse() =>
        await AssertRefusedAsync(Api, null, _ => "Missing X-Token header");

    [Test]
    public async Task EveryRoute_WhenTheTokenIsUnknown_SaysSoBeforeAnythingElse() =>
        await AssertRefusedAsync(Api, "no-such-token", unknown => unknown);

    [Test]
    public async Task EveryRoute_WhenTheTokensOwnerIsInactive_TreatsItAsUnknown()
    {
        var person = await Api.UserAsync();
        await Api.UpdateUserAsync(person.Id, ("active", false));

        await AssertRefusedAsync(Api, person.Token, unknown => unknown);
    }

    [Test]
    public async Task EveryRoute_WhenTheTokensOwnerIsGone_SaysSoBeforeAnythingElse()
    {
        var person = await Api.UserAsync();
        await Platform.QueryAsync(async db =>
        {
            (await db.Set<User>().SingleAsync(user => user.Id == person.Id)).Delete(Guid.Empty, Platform.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });
        Platform.Services.GetRequiredService<IReadCache>().Forget();

        await AssertRefusedAsync(Api, person.Token, _ => "User associated with token not found");
    }

    [Test]
    public async Task EveryRoute_WhenTheTokenIsExpiredAndTheCreditsAreSpent_SaysThatOfTheTokenAndChargesNothing()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.UserAsync();
        var spent = await api.PostAsync(
            $"/admin/update-balance?token={await api.TokenAsync()}", new { user_id = person.Id, new_balance = 0 }, TestPlatform.AdminKey);
        Assert.That(spent["current_balance"]!.GetValue<long>(), Is.Zero);
        platform.Clock.Advance(TimeSpan.FromHours(1));

        await AssertRefusedAsync(api, person.Token, _ => "Token has expired");

        Assert.That((await api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.Zero);
    }

    private static async Task AssertRefusedAsync(Api api, string? token, Func<string, string> words)
    {
        foreach (var (method, path, unknown) in Routes)
        {
            (await api.SendAsync(method, path, "[1]", null, token)).AssertUnauthenticated(words(unknown));
        }
    }
}
