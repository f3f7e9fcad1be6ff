using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>A database that fails the catalogue and the balances is the platform's fault, in the words of each route.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class BrokenCatalogueTests(DatabaseProvider database)
{
    [Test]
    public async Task Catalogue_WhenItCannotBeWritten_AnswersWhatFailed()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        var id = await platform.QueryAsync(db => db.Set<Endpoint>().Select(row => row.Id).FirstAsync());
        await platform.CloseTableAsync("endpoints");

        (await api.AdministerAsync("/admin/add-endpoint", ("endpoint_path", "/reports"), ("endpoint_name", "Reports")))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to add endpoint to database");
        (await api.PutAsync("/admin/update-endpoint", new { token, endpoint_id = id, cost = 9 }, TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.InternalServerError, "Server Error", "Failed to update endpoint");
    }

    [Test]
    public async Task Balance_WhenTheLedgerCannotBeWritten_AnswersWhatFailed()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        var token = await api.TokenAsync();
        await platform.CloseTableAsync("ledger_accounts");

        (await api.GetAsync("/check-balance", person.ApiKey))
            .AssertRefused(HttpStatusCode.InternalServerError, "Balance Error", "Error retrieving balance: Failed to initialize balance");
        (await api.PostAsync("/admin/update-balance", new { user_id = person.Id, new_balance = 5 }, TestPlatform.AdminKey, token))
            .AssertRefused(HttpStatusCode.InternalServerError, "Balance Update Error", "Failed to update balance");
    }
}
