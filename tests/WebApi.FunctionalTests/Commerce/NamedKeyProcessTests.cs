using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Keys that the wallet pays, on two processes of the operating system.</summary>
public sealed class NamedKeyProcessTests
{
    private ReplicaProcesses _replicas = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _replicas = await ReplicaProcesses.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await (_replicas?.DisposeAsync() ?? default);

    [Test]
    public async Task Generate_FiftyTimesAtOnceOnTwoProcessesOnFiveDollars_SucceedsExactlyFiveTimes()
    {
        var member = await BuyerAsync(500);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => _replicas.Api(call).BearerAsync(
            HttpMethod.Post, "/generate-api", member.Session, new { api_name = $"key {call}" })));

        var (sold, refused) = (answers.Where(answer => answer.Status is HttpStatusCode.OK), answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList());
        Assert.That(sold.Select(answer => answer["api_key"]!.GetValue<string>()).Distinct().Count(), Is.EqualTo(5));
        Assert.That(refused, Has.Count.EqualTo(45));
        refused.ForEach(answer => answer.AssertDetail(HttpStatusCode.BadRequest, "Insufficient balance in wallet"));
        foreach (var call in (int[])[0, 1])
        {
            var listed = await _replicas.Api(call).BearerAsync(HttpMethod.Get, "/api-keys", member.Session);
            Assert.That((listed["api_keys"]!.AsArray().Count, listed["wallet_balance"]!.GetValue<long>()), Is.EqualTo((5, 0L)), listed.Text);
        }

        await using var db = _replicas.OpenDatabase();
        await Money.AssertBooksBalanceAsync(db);
    }

    /// <summary>A fresh person with so much in the wallet.</summary>
    private async Task<Member> BuyerAsync(long cents)
    {
        var api = _replicas.Api(0);
        var member = await api.MemberAsync();
        var id = (await api.BearerAsync(HttpMethod.Get, "/users/me", member.Session))["id"]!.GetValue<string>();
        var granted = await api.AdministerAsync(
            "/admin/ledger/grants", ("owner_kind", "user"), ("owner_id", id), ("meter", "wallet"), ("amount", cents * MeterUnits.PerCent), ("reason", "paid in"));
        Assert.That(granted.Status, Is.EqualTo(HttpStatusCode.OK), granted.Text);
        return member;
    }
}
