using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Architecture.Tests.Migrations;

public sealed class MigrationTests
{
    [Test]
    public void LastMigration_OfEveryProvider_IsWhatTheModelSays([Values] DatabaseProvider provider)
    {
        using var db = MigratedDatabase.Context(provider);

        Assert.That(db.Database.HasPendingModelChanges(), Is.False, "run: eng/migrations add NAME");
    }

    [TestCase(DatabaseProvider.PostgreSql)]
    [TestCase(DatabaseProvider.SqlServer)]
    public void Migrations_OfEveryProvider_MakeTheSameTablesColumnsKeysIndexesAndChecks(DatabaseProvider provider)
    {
        var expected = MigratedDatabase.Names(DatabaseProvider.Sqlite);

        Assert.That(expected, Has.Some.StartsWith("ledger_accounts: check "));
        Assert.That(MigratedDatabase.Names(provider), Is.EquivalentTo(expected));
    }
}
