using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using AiPlatform.Infrastructure.Shared;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AiPlatform.Architecture.Tests.Migrations;

/// <summary>The statements that the journal sends to SQL Server, read by its parser: no server runs where these tests do.</summary>
public sealed class SqlServerJournalTests
{
    private static readonly object[] NoRows = [];

    [TestCase(typeof(LedgerAccount))]
    [TestCase(typeof(LedgerEntry))]
    [TestCase(typeof(Hold))]
    [TestCase(typeof(PlatformLoss))]
    [TestCase(typeof(UsageRecord))]
    [TestCase(typeof(IdempotentCall))]
    [TestCase(typeof(AuditRecord))]
    [TestCase(typeof(AuditChain))]
    public void Insert_OfARow_IsTransactSql(Type row)
    {
        var table = TableOf(row);

        var statement = SqlServerLedgerStore.StatementFor(new TableInsert(table, NoRows));

        Assert.That(Errors(statement), Is.Empty, statement);
        Assert.That(table.Columns.Select(column => column.Name), Has.All.Matches<string>(name => statement.Contains(name, StringComparison.Ordinal)));
    }

    [Test]
    public void Insert_OfAnAccountThatMayExist_LooksForItsNameUnderALock()
    {
        var statement = SqlServerLedgerStore.StatementFor(new TableInsert(TableOf(typeof(LedgerAccount)), NoRows) { UnlessExists = true });

        Assert.That(Errors(statement), Is.Empty, statement);
        Assert.That(statement, Does.Contain("t.owner_kind = v.owner_kind AND t.owner_id = v.owner_id AND t.meter = v.meter AND t.period = v.period"));
        Assert.That(statement, Does.Contain("UPDLOCK, HOLDLOCK"));
    }

    [TestCase(typeof(Hold), nameof(Hold.State), "int")]
    [TestCase(typeof(IdempotentCall), nameof(IdempotentCall.HoldId), "uniqueidentifier")]
    [TestCase(typeof(AuditChain), nameof(AuditChain.LastSequence), "bigint")]
    public void Update_OfAGuardedRow_ComparesWhatItMustStillSay(Type row, string guarded, string type)
    {
        var table = TableOf(row);
        var update = new TableUpdate(table, NoRows, [table[guarded]]) { Guard = new UpdateGuard(table[guarded], Array.Empty<int>()) };

        var statement = SqlServerLedgerStore.StatementFor(update);

        Assert.That(Errors(statement), Is.Empty, statement);
        Assert.That(statement, Does.Contain($"expected {type} ").And.Contains($"t.{table[guarded].Name} = v.expected"));
    }

    [Test]
    public void ReadOfAccounts_IsTransactSql([Values] bool locks) =>
        Assert.That(Errors(locks ? SqlServerLedgerStore.LockAccounts : SqlServerLedgerStore.ReadAccounts), Is.Empty);

    [Test]
    public void Parser_WhenAStatementIsBroken_SaysSo() => Assert.That(Errors("UPDATE t SET FROM ledger_accounts AS t"), Is.Not.Empty);

    private static JournalTable TableOf(Type row)
    {
        using var db = MigratedDatabase.Context(DatabaseProvider.SqlServer);
        return new JournalTable(db.Model.FindEntityType(row)!);
    }

    private static List<string> Errors(string statement)
    {
        using var text = new StringReader(statement);
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(text, out var errors);
        return [.. errors.Select(error => error.Message)];
    }
}
