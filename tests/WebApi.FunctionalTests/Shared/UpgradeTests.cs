using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>A database that an earlier version of the platform has left.</summary>
public sealed class UpgradeTests
{
    private string _folder = null!;

    private string ConnectionString => $"Data Source={Path.Combine(_folder, "earlier.db")};Pooling=false";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("aiplatform-upgrade-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Start_WhenSomeMigrationsAreMissingInASqliteFile_MakesThem()
    {
        await MigrateAsync(migrations => migrations.First());

        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("ConnectionStrings:Default", ConnectionString));

        Assert.That(await platform.QueryAsync(db => db.Database.GetPendingMigrationsAsync()), Is.Empty);
        Assert.That((await platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Start_WhenThereAreRowsThatWereNeverFiledByOwner_FilesThem()
    {
        var owner = Unique.Id();
        await MigrateAsync(migrations => migrations.Single(name => name.EndsWith("_AnsweredOrders", StringComparison.Ordinal)));
        await ExecuteAsync(
            $"""
            INSERT INTO audit_records (id, started_at, method, path, user_id, status, elapsed_milliseconds, charged)
            VALUES ({Unique.Id()}, 1, 'GET', '/a', NULL, 200, 1, 0), ({Unique.Id()}, 2, 'GET', '/b', {owner}, 200, 1, 0)
            """);

        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("ConnectionStrings:Default", ConnectionString));

        var answer = await platform.Api().GetAsync($"/admin/audit?user_id={owner}", TestPlatform.AdminKey);
        Assert.That(answer["records"]!.AsArray().Select(record => record!["path"]!.GetValue<string>()), Is.EqualTo(new[] { "/b" }));
        Assert.That(
            await platform.QueryAsync(db => db.Database.SqlQuery<long>($"SELECT place AS Value FROM audit_records_by_owner WHERE user_id = {owner}").ToListAsync()),
            Is.EqualTo(new[] { 2L }));
        Assert.That(
            await platform.QueryAsync(db => db.Database.SqlQuery<long>($"SELECT place AS Value FROM filed_rows ORDER BY name").ToListAsync()),
            Is.EqualTo(new[] { 2L, 0L, 0L }));
    }

    [Test]
    public async Task Start_WhenALaterVersionHasChangedTheDatabase_IsRefusedAndChangesNothing()
    {
        const string Later = "29991231000000_OfALaterVersion";
        await using (var db = Context())
        {
            await db.Database.MigrateAsync();
        }

        await ExecuteAsync($"INSERT INTO __EFMigrationsHistory VALUES ({Later}, '10.0.0')");

        foreach (var command in (string[][])[[], ["migrate"]])
        {
            await using var server = ServerProcess.Start(
                _folder, "Development", [.. command, "--Urls=http://127.0.0.1:0", $"--ConnectionStrings:Default={ConnectionString}"]);
            var ended = await server.EndAsync();

            Assert.That(ended.ExitCode, Is.EqualTo(1), ended.Output);
            Assert.That(ended.Errors, Does.StartWith($"The database was changed by a later version of this program: it has the migration {Later},"));
        }

        await using var untouched = Context();
        Assert.That(await untouched.Set<User>().CountAsync(), Is.Zero);
    }

    private async Task MigrateAsync(Func<IEnumerable<string>, string> last)
    {
        await using var db = Context();
        await db.GetService<IMigrator>().MigrateAsync(last(db.Database.GetMigrations()));
        Assert.That(await db.Database.GetPendingMigrationsAsync(), Is.Not.Empty);
    }

    private async Task ExecuteAsync(FormattableString sql)
    {
        await using var db = Context();
        await db.Database.ExecuteSqlAsync(sql);
    }

    private AppDbContext Context() => new(new DbContextOptionsBuilder<AppDbContext>()
        .UseSqlite(ConnectionString, sqlite => sqlite.MigrationsAssembly("AiPlatform.Migrations.Sqlite"))
        .Options);
}
