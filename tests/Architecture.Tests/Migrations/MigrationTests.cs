using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Architecture.Tests.Migrations;

public sealed class MigrationTests
{
    // SQLite numbers the rows of these tables and finds those of an owner in a way of its own.
    private static readonly string[] OnSqliteAlone =
    [
        "audit_records: column place not null",
        "audit_records: key PK_audit_records (place)",
        "audit_records: unique index ux_audit_records_id (id)",
        "ledger_entries: column place not null",
        "ledger_entries: key PK_ledger_entries (place)",
        "usage_records: column place not null",
        "usage_records: key PK_usage_records (place)",
        "usage_records: unique index ux_usage_records_request (request_id)",
    ];

    private static readonly string[] OnOthersAlone =
    [
        "audit_records: index ix_audit_records_user_started (user_id, started_at)",
        "audit_records: key PK_audit_records (id)",
        "ledger_entries: key PK_ledger_entries (account_id, sequence)",
        "usage_records: index ix_usage_records_user_created (user_id, created_at)",
        "usage_records: key PK_usage_records (request_id)",
    ];

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
        Assert.That(MigratedDatabase.Names(provider), Is.EquivalentTo(expected.Except(OnSqliteAlone).Concat(OnOthersAlone)));
    }
}
