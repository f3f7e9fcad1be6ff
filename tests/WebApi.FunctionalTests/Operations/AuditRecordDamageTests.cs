using System.Globalization;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using static AiPlatform.WebApi.FunctionalTests.Operations.AuditTrailDamage;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>Somebody changes records of the audit trail behind the platform's back. Each test has a platform of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AuditRecordDamageTests(DatabaseProvider database)
{
    private static readonly string[] Places = ["id", "chain_id", "chain_sequence", "chain_hash", "place"];

    [Test]
    public async Task Verify_WhenOneFieldOfOneRecordIsEdited_NamesTheRecordWhateverTheField()
    {
        await using var platform = await StartAsync(database, calls: 6);
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
        await using var platform = await StartAsync(database, calls: 4);
        var id = Unique.Id();

        await platform.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_records SET id = {id} WHERE chain_sequence = 2"));

        AssertBroken(await VerifyAsync(platform), "edited", 2, id);
    }

    [Test]
    public async Task Verify_WhenTheHashOfARecordIsEdited_NamesIt()
    {
        await using var platform = await StartAsync(database, calls: 4);
        var (record, other) = (await RecordAsync(platform, 2), new byte[32]);

        await platform.QueryAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_records SET chain_hash = {other} WHERE chain_sequence = 2"));

        AssertBroken(await VerifyAsync(platform), "edited", 2, record.Id);
    }

    [Test]
    public async Task Verify_WhenARecordInTheMiddleIsDeleted_NamesThePlaceAndTheRecordBefore()
    {
        await using var platform = await StartAsync(database, calls: 5);
        var before = await RecordAsync(platform, 2);

        await ExecuteAsync(platform, "DELETE FROM audit_records WHERE chain_sequence = 3");

        AssertBroken(await VerifyAsync(platform), "missing", 3, before.Id);
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task Verify_WhenTheTailIsCutOff_NamesTheFirstPlaceThatIsMissing(int cut)
    {
        await using var platform = await StartAsync(database, calls: 5);
        var before = await RecordAsync(platform, 5 - cut);

        await ExecuteAsync(platform, $"DELETE FROM audit_records WHERE chain_sequence > {5 - cut}");

        AssertBroken(await VerifyAsync(platform), "missing", 6 - cut, before.Id);
    }

    [TestCase(2, 3)]
    [TestCase(2, 5)]
    public async Task Verify_WhenTwoRecordsChangePlaces_NamesTheFirst(int one, int other)
    {
        await using var platform = await StartAsync(database, calls: 6);
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
        await using var platform = await StartAsync(database, calls: 6);
        var (first, moved) = (await RecordAsync(platform, one), await RecordAsync(platform, other));

        await PlaceAsync(platform, first.Id, -1, first.ChainHash!);
        await PlaceAsync(platform, moved.Id, one, first.ChainHash!);
        await PlaceAsync(platform, first.Id, other, moved.ChainHash!);

        AssertBroken(await VerifyAsync(platform), "reordered", one, moved.Id);
    }

    [Test]
    public async Task Verify_WhenARecordIsPutAfterTheLast_NamesIt()
    {
        await using var platform = await StartAsync(database, calls: 3);
        var id = await CopyAsync(platform, from: 2, to: 4);

        AssertBroken(await VerifyAsync(platform), "inserted", 4, id);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Verify_WhenARecordIsPutInBetween_NamesItEvenIfItsOwnHashIsRight(bool hashed)
    {
        await using var platform = await StartAsync(database, calls: 5);
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
        await using var platform = await StartAsync(database, calls: 2);
        var id = Unique.Id();
        await platform.QueryAsync(db =>
        {
            db.Add(Money.Record(id));
            return db.SaveChangesAsync();
        });

        AssertBroken(await VerifyAsync(platform), "inserted", null, id);
    }

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
}
