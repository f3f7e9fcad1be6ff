using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using static AiPlatform.WebApi.FunctionalTests.Operations.AuditTrailDamage;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>What a verification looks at and what it answers. Each test that changes something has a platform of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class VerifyAuditTrailTests(DatabaseProvider database)
{
    [Test]
    public async Task Verify_WhenNothingWasChanged_CountsTheRecordsOfTheChain()
    {
        await using var platform = await StartAsync(database, calls: 20);

        var answer = await VerifyAsync(platform);

        Assert.That((Valid(answer), answer["complete"]!.GetValue<bool>(), answer["next_cursor"]), Is.EqualTo((true, true, (JsonNode?)null)));
        Assert.That(answer["checked"]!.GetValue<long>(), Is.EqualTo(20));
        var chain = answer["chains"]!.AsArray().Single()!;
        Assert.That((chain["from_sequence"]!.GetValue<long>(), chain["to_sequence"]!.GetValue<long>()), Is.EqualTo((1L, 20L)));
        Assert.That(chain["head_hash"]!.GetValue<string>(), Is.EqualTo(Convert.ToHexStringLower((await RecordAsync(platform, 20)).ChainHash!)));
        Assert.That((answer["breaks"]!.AsArray().Count, answer["unchained"]!["count"]!.GetValue<long>()), Is.EqualTo((0, 0L)));
    }

    [Test]
    public async Task Verify_WhenManyCallsWereMadeAtOnce_FindsOneUnbrokenChain()
    {
        await using var platform = await StartAsync(database, calls: 0);
        var api = platform.Api();
        var person = await api.UserAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => number % 3 == 0
            ? api.GetAsync("/nope/nope")
            : api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token)));

        var answer = await VerifyAsync(platform);

        Assert.That(Valid(answer), Is.True, answer.Text);
        Assert.That(answer["checked"]!.GetValue<long>(), Is.GreaterThan(66));
    }

    [Test]
    public async Task Verify_WhenRecordsAreOlderThanTheFirstChain_CountsThemAndFindsNothingBroken()
    {
        await using var platform = await StartAsync(database, calls: 2);
        await platform.QueryAsync(db =>
        {
            db.Add(Money.Record(Unique.Id(), startedAt: new DateTimeOffset(2025, 3, 5, 12, 0, 0, TimeSpan.Zero)));
            return db.SaveChangesAsync();
        });

        var answer = await VerifyAsync(platform);

        Assert.That(Valid(answer), Is.True, answer.Text);
        Assert.That(answer["unchained"]!.ToJsonString(), Is.EqualTo("""{"count":1,"newest_started_at":"2025-03-05T12:00:00.000000Z"}"""));
    }

    [Test]
    public async Task Verify_WhenReadPieceByPiece_LooksAtEveryRecordOnce()
    {
        await using var platform = await StartAsync(database, calls: 10);
        var (cursor, seen) = (string.Empty, new List<(long From, long To)>());
        do
        {
            var answer = await VerifyAsync(platform, $"max_records=4&cursor={cursor}");
            Assert.That(Valid(answer), Is.True, answer.Text);
            seen.AddRange(answer["chains"]!.AsArray().Select(chain => (chain!["from_sequence"]!.GetValue<long>(), chain["to_sequence"]!.GetValue<long>())));
            cursor = answer["next_cursor"]?.GetValue<string>();
        }
        while (cursor is not null && seen.Count < 10);

        // The verifications are calls themselves, so the trail grows meanwhile.
        Assert.That(seen.Select(piece => piece.From), Is.EqualTo(seen.Select((_, index) => (index * 4L) + 1)));
        Assert.That(seen[..2].Select(piece => piece.To), Is.EqualTo(new[] { 4L, 8L }));
        Assert.That(seen[^1].To, Is.GreaterThanOrEqualTo(10));
    }

    [Test]
    public async Task Verify_WhenAPartIsAskedFor_LooksAtThatPartAlone()
    {
        await using var platform = await StartAsync(database, calls: 9);
        await ExecuteAsync(platform, "UPDATE audit_records SET path = '/edited' WHERE chain_sequence IN (2, 8)");
        var (chain, eighth) = ((await RecordAsync(platform, 1)).ChainId, await RecordAsync(platform, 8));

        Assert.That(Valid(await VerifyAsync(platform, $"chain_id={chain}&from_sequence=3&to_sequence=7")), Is.True);
        AssertBroken(await VerifyAsync(platform, $"chain_id={chain}&from_sequence=3"), "edited", 8, eighth.Id);
        Assert.That((await VerifyAsync(platform, $"chain_id={chain}&from_sequence=1000"))["checked"]!.GetValue<long>(), Is.Zero);
    }

    [TestCase("chain_id=x", "chain_id must be a UUID")]
    [TestCase("from_sequence=0&chain_id=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90", "from_sequence must be a number from 1 on")]
    [TestCase("to_sequence=1.5&chain_id=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90", "to_sequence must be a number from 1 on")]
    [TestCase("from_sequence=9223372036854775808", "from_sequence must be a number from 1 on")]
    [TestCase("from_sequence=1", "from_sequence and to_sequence are places of one chain: name it with chain_id")]
    [TestCase(
        "from_sequence=2&to_sequence=1&chain_id=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90",
        "from_sequence must not be greater than to_sequence")]
    [TestCase("cursor=x", "cursor must be the next_cursor of an earlier answer, without chain_id")]
    [TestCase("cursor=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90:-1", "cursor must be the next_cursor of an earlier answer, without chain_id")]
    [TestCase("max_records=0", "max_records must be a number from 1 to 1000000")]
    [TestCase("max_records=1000001", "max_records must be a number from 1 to 1000000")]
    public async Task Verify_WhenAFilterIsWrong_Is400(string query, string message)
    {
        var platform = await SharedPlatforms.GetAsync(database);

        (await platform.Api().GetAsync($"/audit/verify?{query}", TestPlatform.AdminKey)).AssertBadRequest(message);
    }

    [TestCase("chain_id=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90")]
    [TestCase("cursor=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90:7")]
    [TestCase("chain_id=0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90&from_sequence=9223372036854775807")]
    public async Task Verify_WhenThereIsNoSuchChain_Is404(string query)
    {
        var platform = await SharedPlatforms.GetAsync(database);

        (await platform.Api().GetAsync($"/audit/verify?{query}", TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "Audit chain not found");
    }

    [Test]
    public async Task Verify_WhenTheCallerIsNoAdministrator_Is403()
    {
        var api = (await SharedPlatforms.GetAsync(database)).Api();

        (await api.GetAsync("/audit/verify")).AssertUnauthenticated("Missing API Key header (API-Key)");
        (await api.GetAsync("/audit/verify", (await api.UserAsync()).ApiKey)).AssertForbidden("Admin privileges required to verify the audit trail");
    }
}
