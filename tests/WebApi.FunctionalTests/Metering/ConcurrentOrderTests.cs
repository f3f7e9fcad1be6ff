using System.Net;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What several processes order of the same thing at once.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConcurrentOrderTests
{
    [Test]
    public async Task SetLimit_WhenALaterChangeIsBookedFirst_GrantsWhatTheLaterOneSays()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var slow = await StartAsync(database);
        await using var quick = await StartAsync(database);
        var person = await quick.UserAsync();
        await quick.SetLimitAsync("user", person.Id, "conversations", 5);
        await quick.AskAsync(person);
        var order = SpendingPlatform.Owner("user", person.Id, ("meter", "conversations"), ("amount", 10));
        order["token"] = await slow.Api.TokenAsync();
        var account = Money.NewAccount();
        await OpenAsync();

        Task<Answer> setting;
        Task opening;
        await using (await HeldUpServer.HoldUpAsync(
            database.ConnectionString, $"SELECT * FROM ledger_accounts WHERE owner_id = '{account.OwnerId}' FOR UPDATE"))
        {
            opening = OpenAsync();
            await HeldUpServer.WaitAsync(database.ConnectionString, 1);
            setting = slow.Api.SendAsync(HttpMethod.Put, "/admin/ledger/limits", order, TestPlatform.AdminKey, token: null);
            await WaitForLimitAsync(quick, 10);
            await quick.SetLimitAsync("user", person.Id, "conversations", 20);
        }

        await opening;
        Assert.That((await setting).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await quick.AccountAsync("user", person.Id, "conversations"))["granted"]!.GetValue<long>(), Is.EqualTo(20));
        await Money.AssertBooksBalanceAsync(quick.Platform);

        Task OpenAsync() => Money.Ledger(slow.Platform).OpenAsync(account, 1, Unique.Id(), CancellationToken.None);
    }

    [Test]
    public async Task ResolveDispute_WhenBothVerdictsComeInTheSameWords_TellsTheSecondThatItCameTooLate()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var first = await StartAsync(database);
        await using var second = await StartAsync(database);
        var account = Money.NewAccount();
        var holdId = await Money.DisputedAsync(first.Platform, new HoldOrderLine(account, 10_000, 1_000));
        var release = new DisputeVerdict(Unique.Id(), Unique.Id(), holdId, null, "Asked the provider");
        var capture = release with { RequestId = Unique.Id(), Delivered = new Dictionary<Meter, long> { [Meter.Credits] = 1_000 } };

        Task<bool> releasing, capturing;
        await using (await HeldUpServer.HoldUpAsync(
            database.ConnectionString, $"SELECT * FROM ledger_accounts WHERE owner_id = '{account.OwnerId}' FOR UPDATE"))
        {
            releasing = Money.Ledger(first.Platform).ResolveDisputeAsync(release, CancellationToken.None);
            await HeldUpServer.WaitAsync(database.ConnectionString, 1);
            capturing = Money.Ledger(second.Platform).ResolveDisputeAsync(capture, CancellationToken.None);
            await HeldUpServer.WaitAsync(database.ConnectionString, 2);
        }

        Assert.That((await releasing, await capturing), Is.EqualTo((true, false)));
        await Money.AssertBooksBalanceAsync(first.Platform);
    }

    private static Task<SpendingPlatform> StartAsync(TestDatabase database) =>
        SpendingPlatform.StartAsync(DatabaseProvider.PostgreSql, ("ConnectionStrings:Default", database.ConnectionString));

    private static async Task WaitForLimitAsync(SpendingPlatform platform, long amount)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await platform.Platform.QueryAsync(db => db.Set<SpendingLimit>().AnyAsync(limit => limit.Amount == amount, patience.Token)))
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
