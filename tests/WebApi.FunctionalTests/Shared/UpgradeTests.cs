using System.Net;
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
        await MigrateToTheFirstAsync();

        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("ConnectionStrings:Default", ConnectionString));

        Assert.That(await platform.QueryAsync(db => db.Database.GetPendingMigrationsAsync()), Is.Empty);
        Assert.That((await platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task MigrateToTheFirstAsync()
    {
        var options = new DbContextOptionsBuilder<AppDbContext>()
            .UseSqlite(ConnectionString, sqlite => sqlite.MigrationsAssembly("AiPlatform.Migrations.Sqlite"))
            .Options;
        await using var db = new AppDbContext(options);
        await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().First());
        Assert.That((await db.Database.GetPendingMigrationsAsync()).Count(), Is.GreaterThan(1));
    }
}
