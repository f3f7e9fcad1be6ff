using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>Somebody changes the audit trail behind the platform's back. Each test has a platform of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class VerifyAuditTrailTests(DatabaseProvider database)
{
    private const string Columns =
        "id, correlation_id, started_at, method, path, route_key, endpoint_id, user_id, token_id, api_key_id, status, elapsed_milliseconds, " +
        "hold_id, charged, replay_of, ip_address, user_agent, request_headers, request_body, response_body, error";

    private static readonly string[] Places = ["id", "chain_id", "chain_sequence", "chain_hash"];

    [Test]
    public async Task Verify_WhenNothingWasChanged_CountsTheRecordsOfTheChain()
    {
        await using var platform = await StartAsync(calls: 20);

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
        await using var platform = await StartAsync(calls: 0);
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
    public async Task Verify_WhenOneFieldOfOneRecordIsEdited_NamesTheRecordWhateverTheField()
    {
        await using var platform = await StartAsync(calls: 6);
        var record = await RecordAsync(platform, 3);
        foreach (var column in await ColumnsAsync(platform))
        {
            var (name, edited) = (column.GetColumnName(), column.ClrType == typeof(string) ? "'edited'" : Other(column));
            await ExecuteAsync(platform, $"CREATE TABLE kept AS SELECT {name} AS value FROM audit_records WHERE chain_sequence = 3");
            await ExecuteAsync(platform, $"UPDATE audit_records SET {name} = {edited} WHERE chain_sequence = 3");

            AssertBroken(await VerifyAsync(platform), "edited", 3, record.Id, because: name);

            await ExecuteAsync(platform, $"UPDATE audit_records SET {name} = (SELECT value FROM kept) WHERE chain_sequence = 3");
            await ExecuteAsync(platform, "DROP TABLE kept");
        }

        Assert.That(Valid(await VerifyAsync(platform)), Is.True, "The last field was not put back.");
    }

    [Test]
    public async Task Verify_WhenTheIdOfARecordIsEdited_NamesIt()
    {
        await using var platform = await StartAsync(calls: 4);
        var id = Unique.Id();

        await platform.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_records SET id = {id} WHERE chain_sequence = 2"));

        AssertBroken(await VerifyAsync(platform), "edited", 2, id);
    }

    [Test]
    public async Task Verify_WhenTheHashOfARecordIsEdited_NamesIt()
    {
        await using var platform = await StartAsync(calls: 4);
        var (record, other) = (await RecordAsync(platform, 2), new byte[32]);

        await platform.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_records SET chain_hash = {other} WHERE chain_sequence = 2"));

        AssertBroken(await VerifyAsync(platform), "edited", 2, record.Id);
    }

    [Test]
    public async Task Verify_WhenARecordInTheMiddleIsDeleted_NamesThePlaceAndTheRecordBefore()
    {
        await using var platform = await StartAsync(calls: 5);
        var before = await RecordAsync(platform, 2);

        await ExecuteAsync(platform, "DELETE FROM audit_records WHERE chain_sequence = 3");

        AssertBroken(await VerifyAsync(platform), "missing", 3, before.Id);
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task Verify_WhenTheTailIsCutOff_NamesTheFirstPlaceThatIsMissing(int cut)
    {
        await using var platform = await StartAsync(calls: 5);
        var before = await RecordAsync(platform, 5 - cut);

        await ExecuteAsync(platform, $"DELETE FROM audit_records WHERE chain_sequence > {5 - cut}");

        AssertBroken(await VerifyAsync(platform), "missing", 6 - cut, before.Id);
    }

    [Test]
    public async Task Verify_WhenTheTailIsCutOffAndTheHeadMovedBack_FindsThatTheHeadIsNotTheLastRecord()
    {
        await using var platform = await StartAsync(calls: 5);
        var last = await RecordAsync(platform, 4);

        await ExecuteAsync(platform, "DELETE FROM audit_records WHERE chain_sequence = 5");
        await ExecuteAsync(platform, "UPDATE audit_chains SET last_sequence = 4");

        AssertBroken(await VerifyAsync(platform), "head_changed", 4, last.Id);
    }

    [TestCase(2, 3)]
    [TestCase(2, 5)]
    public async Task Verify_WhenTwoRecordsChangePlaces_NamesTheFirst(int one, int other)
    {
        await using var platform = await StartAsync(calls: 6);
        var moved = await RecordAsync(platform, other);

        await ExecuteAsync(platform, $"UPDATE audit_records SET chain_sequence = -1 WHERE chain_sequence = {one}");
        await ExecuteAsync(platform, $"UPDATE audit_records SET chain_sequence = {one} WHERE chain_sequence = {other}");
        await ExecuteAsync(platform, $"UPDATE audit_records SET chain_sequence = {other} WHERE chain_sequence = -1");

        AssertBroken(await VerifyAsync(platform), "reordered", one, moved.Id);
    }

    [TestCase(2, 3)]
    [TestCase(2, 5)]
    public async Task Verify_WhenTwoRecordsChangePlacesUnderHashesThatStay_NamesTheFirst(int one, int other)
    {
        await using var platform = await StartAsync(calls: 6);
        var (first, moved) = (await RecordAsync(platform, one), await RecordAsync(platform, other));

        await PlaceAsync(platform, first.Id, -1, first.ChainHash!);
        await PlaceAsync(platform, moved.Id, one, first.ChainHash!);
        await PlaceAsync(platform, first.Id, other, moved.ChainHash!);

        AssertBroken(await VerifyAsync(platform), "reordered", one, moved.Id);
    }

    [Test]
    public async Task Verify_WhenARecordIsPutAfterTheLast_NamesIt()
    {
        await using var platform = await StartAsync(calls: 3);
        var id = await CopyAsync(platform, from: 2, to: 4);

        AssertBroken(await VerifyAsync(platform), "inserted", 4, id);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Verify_WhenARecordIsPutInBetween_NamesItEvenIfItsOwnHashIsRight(bool hashed)
    {
        await using var platform = await StartAsync(calls: 5);
        var before = await RecordAsync(platform, 2);
        foreach (var place in new[] { 5, 4, 3 })
        {
            await ExecuteAsync(platform, $"UPDATE audit_records SET chain_sequence = {place + 1} WHERE chain_sequence = {place}");
        }

        var id = await CopyAsync(platform, from: 1, to: 3);
        if (hashed)
        {
            var inserted = await RecordAsync(platform, 3);
            await PlaceAsync(platform, id, 3, new AuditDigest().OfRecord(before.ChainHash, before.ChainId!.Value, 3, inserted));
        }

        AssertBroken(await VerifyAsync(platform), "inserted", 3, id);
    }

    [Test]
    public async Task Verify_WhenARecordIsPutOutsideTheChains_NamesIt()
    {
        await using var platform = await StartAsync(calls: 2);
        var id = Unique.Id();
        await platform.QueryAsync(db =>
        {
            db.Add(Money.Record(id));
            return db.SaveChangesAsync();
        });

        AssertBroken(await VerifyAsync(platform), "inserted", null, id);
    }

    [Test]
    public async Task Verify_WhenRecordsAreOlderThanTheFirstChain_CountsThemAndFindsNothingBroken()
    {
        await using var platform = await StartAsync(calls: 2);
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
    public async Task Verify_WhenAChainIsRemovedFromTheTableOfChains_NamesItByItsRecords()
    {
        await using var platform = await StartAsync(calls: 2);
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
        await using var platform = await StartAsync(calls: 3);
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
        await using var platform = await StartAsync(calls: 2);
        var (first, id) = (await RecordAsync(platform, 1), (await RecordAsync(platform, 1)).ChainId!.Value);

        await ExecuteAsync(platform, column == "started_at"
            ? $"UPDATE audit_chains SET started_at = {(database is DatabaseProvider.Sqlite ? "1" : "'2020-01-01Z'")}"
            : $"UPDATE audit_chains SET previous_chain_id = id");

        AssertBroken(await VerifyAsync(platform), "edited", 1, first.Id);
        Assert.That(first.ChainId, Is.EqualTo(id));
    }

    [Test]
    public async Task Verify_WhenReadPieceByPiece_LooksAtEveryRecordOnce()
    {
        await using var platform = await StartAsync(calls: 10);
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
        await using var platform = await StartAsync(calls: 9);
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

    /// <summary>A platform with so many records in one chain.</summary>
    private async Task<TestPlatform> StartAsync(int calls)
    {
        var platform = await TestPlatform.StartAsync(database);
        for (var call = 0; call < calls; call++)
        {
            await platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey);
        }

        return platform;
    }

    private static Task<Answer> VerifyAsync(TestPlatform platform, string query = "") =>
        platform.Api().GetAsync($"/audit/verify?{query}", TestPlatform.AdminKey);

    private static bool Valid(Answer answer) => answer["valid"]!.GetValue<bool>();

    private static void AssertBroken(Answer answer, string kind, long? sequence, Guid requestId, string? because = null)
    {
        Assert.That(Valid(answer), Is.False, because);
        var found = answer["breaks"]!.AsArray().First()!;
        Assert.That(
            (found["kind"]!.GetValue<string>(), found["sequence"]?.GetValue<long>(), found["request_id"]?.GetValue<Guid>()),
            Is.EqualTo((kind, sequence, (Guid?)requestId)),
            $"{because} {answer.Text}");
        Assert.That(found["message"]!.GetValue<string>(), Is.Not.Empty);
    }

    private static Task<AuditRecord> RecordAsync(TestPlatform platform, long sequence) =>
        platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking().SingleAsync(record => record.ChainSequence == sequence));

    private static Task<List<IProperty>> ColumnsAsync(TestPlatform platform) => platform.QueryAsync(db => Task.FromResult(
        db.Model.FindEntityType(typeof(AuditRecord))!.GetProperties().Where(column => !Places.Contains(column.GetColumnName())).ToList()));

    /// <summary>A value that the column does not have, as SQL writes it.</summary>
    private string Other(IProperty column) => (Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType).Name switch
    {
        nameof(Guid) => $"'{Unique.Id().ToString().ToUpperInvariant()}'",
        nameof(DateTimeOffset) => database is DatabaseProvider.Sqlite
            ? string.Create(CultureInfo.InvariantCulture, $"{column.GetColumnName()} + 1")
            : $"{column.GetColumnName()} + INTERVAL '1 microsecond'",
        _ => $"{column.GetColumnName()} + 1",
    };

    private static Task<int> ExecuteAsync(TestPlatform platform, string sql) =>
        platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    private static Task<int> PlaceAsync(TestPlatform platform, Guid id, long sequence, byte[] hash) => platform.QueryAsync(db =>
        db.Database.ExecuteSqlAsync($"UPDATE audit_records SET chain_sequence = {sequence}, chain_hash = {hash} WHERE id = {id}"));

    /// <summary>Puts a copy of a record, with an id of its own, into a place of the chain.</summary>
    private static async Task<Guid> CopyAsync(TestPlatform platform, long from, long to)
    {
        var id = Unique.Id();
        await ExecuteAsync(
            platform,
            $"INSERT INTO audit_records ({Columns}, chain_id, chain_sequence, chain_hash) SELECT '{id.ToString().ToUpperInvariant()}', " +
            $"{Columns[4..]}, chain_id, {to}, chain_hash FROM audit_records WHERE chain_sequence = {from}");
        return id;
    }
}
