using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using static AiPlatform.WebApi.FunctionalTests.Operations.AuditTrailDamage;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>Somebody changes the chains of the audit trail, or their heads, behind the platform's back. Each test has a platform of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AuditChainDamageTests(DatabaseProvider database)
{
    [Test]
    public async Task Verify_WhenTheTailIsCutOffAndTheHeadMovedBack_FindsThatTheHeadIsNotTheLastRecord()
    {
        await using var platform = await StartAsync(database, calls: 5);
        var last = await RecordAsync(platform, 4);

        await ExecuteAsync(platform, "DELETE FROM audit_records WHERE chain_sequence = 5");
        await ExecuteAsync(platform, "UPDATE audit_chains SET last_sequence = 4");

        AssertBroken(await VerifyAsync(platform), "head_changed", 4, last.Id);
    }

    [Test]
    public async Task Verify_WhenAChainIsRemovedFromTheTableOfChains_NamesItByItsRecords()
    {
        await using var platform = await StartAsync(database, calls: 2);
        var chain = (await RecordAsync(platform, 1)).ChainId;

        await ExecuteAsync(platform, "DELETE FROM audit_chains");

        var found = (await VerifyAsync(platform))["breaks"]!.AsArray().First()!;
        Assert.That((found["kind"]!.GetValue<string>(), found["chain_id"]!.GetValue<Guid>()), Is.EqualTo(("missing_chain", chain!.Value)));
    }

    [Test]
    public async Task Verify_WhenSeveralProcessesWrite_FindsAChainOfEachAndMissesOneThatIsRemovedWhole()
    {
        await using var files = await TestDatabase.CreateAsync(database);
        await using var one = await TestPlatform.StartAsync(database, ("ConnectionStrings:Default", files.ConnectionString));
        var first = (await one.Api().GetAsync("/check-balance", TestPlatform.AdminKey)).RequestId();
        await using var other = await TestPlatform.StartAsync(database, ("ConnectionStrings:Default", files.ConnectionString));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(number =>
            (number % 2 == 0 ? one : other).Api().GetAsync("/check-balance", TestPlatform.AdminKey)));

        var whole = await VerifyAsync(one);
        var removed = (await one.AuditRecordAsync(first)).ChainId!.Value;
        await one.QueryAsync(db => db.Set<AuditRecord>().Where(record => record.ChainId == removed).ExecuteDeleteAsync());
        await one.QueryAsync(db => db.Set<AuditChain>().Where(chain => chain.Id == removed).ExecuteDeleteAsync());
        var cut = await VerifyAsync(other);

        Assert.That((Valid(whole), whole["chains"]!.AsArray().Count, whole["checked"]!.GetValue<long>()), Is.EqualTo((true, 2, 31L)), whole.Text);
        var found = cut["breaks"]!.AsArray().First()!;
        Assert.That((found["kind"]!.GetValue<string>(), found["chain_id"]!.GetValue<Guid>()), Is.EqualTo(("missing_chain", removed)), cut.Text);
    }

    [TestCase("UPDATE audit_records SET chain_sequence = chain_sequence + 1 WHERE chain_sequence = 3")]
    [TestCase("DELETE FROM audit_chains")]
    [TestCase("UPDATE audit_chains SET last_sequence = 1")]
    public async Task Calls_WhenTheChainWasDamaged_GoOnInANewOne(string damage)
    {
        await using var platform = await StartAsync(database, calls: 3);
        await ExecuteAsync(platform, damage);

        var answers = new[] { await VerifyAsync(platform), await VerifyAsync(platform) };

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK), answers[0].Text);
        var newest = await platform.QueryAsync(db => db.Set<AuditChain>().AsNoTracking().OrderByDescending(chain => chain.StartedAt).FirstAsync());
        Assert.That(newest.LastSequence, Is.EqualTo(2));
        Assert.That(Valid(await VerifyAsync(platform, $"chain_id={newest.Id}")), Is.True);
        Assert.That(Valid(answers[1]), Is.False);
    }

    [TestCase("started_at")]
    [TestCase("previous_chain_id")]
    public async Task Verify_WhenTheChainsOwnRowIsEdited_FindsItsFirstRecordNotToFollowIt(string column)
    {
        await using var platform = await StartAsync(database, calls: 2);
        var (first, id) = (await RecordAsync(platform, 1), (await RecordAsync(platform, 1)).ChainId!.Value);

        await ExecuteAsync(platform, column == "started_at"
            ? $"UPDATE audit_chains SET started_at = {(database is DatabaseProvider.Sqlite ? "1" : "'2020-01-01Z'")}"
            : $"UPDATE audit_chains SET previous_chain_id = id");

        AssertBroken(await VerifyAsync(platform), "edited", 1, first.Id);
        Assert.That(first.ChainId, Is.EqualTo(id));
    }
}
