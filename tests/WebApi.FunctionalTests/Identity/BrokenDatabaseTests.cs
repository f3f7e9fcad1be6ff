using System.Net;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>A database that fails is the platform's fault, in the words of the route, and never a wrong credential.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class BrokenDatabaseTests(DatabaseProvider database)
{
    [Test]
    public async Task Route_WhenAccountsCannotBeRead_AnswersItsOwnWords()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        await platform.BreakAsync("ALTER TABLE users RENAME TO users_gone");
        platform.Services.GetRequiredService<IReadCache>().Forget();

        foreach (var (method, path, words) in new[]
        {
            (HttpMethod.Get, "/get-token", "Error generating token"),
            (HttpMethod.Get, "/get-token-details?token=x", "Error retrieving token details"),
            (HttpMethod.Post, "/refresh-token?token=x", "Error refreshing token"),
            (HttpMethod.Post, "/admin/create-user", "Error creating user"),
            (HttpMethod.Post, "/admin/update-user", "Error updating user"),
            (HttpMethod.Post, "/admin/delete-user", "Error deleting user"),
            (HttpMethod.Post, "/admin/revoke-tokens", "Error revoking tokens"),
            (HttpMethod.Get, "/admin/users", "Error retrieving users"),
            (HttpMethod.Get, "/admin/endpoints", "Error retrieving endpoints"),
            (HttpMethod.Post, "/admin/add-endpoint", "Error adding endpoint"),
            (HttpMethod.Put, "/admin/update-endpoint", "Error updating endpoint"),
            (HttpMethod.Get, "/check-balance", "Error checking balance"),
            (HttpMethod.Post, "/admin/update-balance", "Error updating balance"),
            (HttpMethod.Post, "/upload-file", "Error uploading files"),
            (HttpMethod.Post, "/get-file-url", "Error retrieving file URL"),
            (HttpMethod.Delete, "/delete-file", "Error deleting file"),
        })
        {
            var answer = await api.SendAsync(method, path, null, TestPlatform.AdminKey, token: "x");
            answer.AssertRefused(HttpStatusCode.InternalServerError, "Server Error", words);
        }
    }

    [Test]
    public async Task Route_OfTheOtherSurfaces_WhenAccountsCannotBeRead_AnswersItsOwnWords()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        await platform.BreakAsync("ALTER TABLE users RENAME TO users_gone");
        platform.Services.GetRequiredService<IReadCache>().Forget();

        foreach (var (method, path, words) in new[]
        {
            (HttpMethod.Post, "/generate-api", "An error occurred"),
            (HttpMethod.Get, "/api-keys", "An error occurred"),
            (HttpMethod.Get, "/auth/me", "The request could not be completed"),
            (HttpMethod.Get, "/teams", "The request could not be completed"),
            (HttpMethod.Get, "/tokens/balance", "The request could not be completed"),
            (HttpMethod.Get, "/api/v1/auth/profile", "The request could not be completed"),
        })
        {
            (await api.BearerAsync(method, path, TestPlatform.AdminKey)).AssertDetail(HttpStatusCode.InternalServerError, words);
        }
    }

    [Test]
    public async Task Administration_WhenAccountsCannotBeWritten_AnswersWhatFailed()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));
        await platform.CloseTableAsync("users");

        (await api.AdministerAsync("/admin/create-user", ("user_name", "Thandi"), ("user_email", "thandi@example.com")))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to create user");
        (await api.UpdateUserAsync(person.Id, ("comment", "c")))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to update user");
        (await api.AdministerAsync("/admin/delete-user", ("id", person.Id.ToString())))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to delete user");
    }

    [Test]
    public async Task Tokens_WhenTheyCannotBeWritten_AreNotHandedOut()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        await platform.CloseTableAsync("access_tokens");

        (await api.GetAsync("/get-token", TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Error generating token");
        (await api.PostAsync($"/refresh-token?token={token}", apiKey: TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to store refreshed token");
    }
}
