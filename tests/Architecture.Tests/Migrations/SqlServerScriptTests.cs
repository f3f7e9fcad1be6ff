using AiPlatform.Infrastructure.Shared;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AiPlatform.Architecture.Tests.Migrations;

/// <summary>No SQL Server runs where these tests do, so its script is read by the parser that its own tools use.</summary>
public sealed class SqlServerScriptTests
{
    [Test]
    public void IdempotentScript_OfAllMigrations_IsTransactSql()
    {
        var script = MigratedDatabase.IdempotentScript(DatabaseProvider.SqlServer);
        var (statements, errors) = Parse(script);

        Assert.That(errors, Is.Empty);
        Assert.That(statements.Tables, Does.Contain("ledger_accounts").And.Contain("audit_records").And.Contain("__EFMigrationsHistory"));
    }

    [Test]
    public void IdempotentScript_WhereItBuildsStatementsAsText_BuildsTransactSql()
    {
        var (statements, _) = Parse(MigratedDatabase.IdempotentScript(DatabaseProvider.SqlServer));

        Assert.That(statements.Texts.SelectMany(text => Parse(text).Errors), Is.Empty);
    }

    [TestCase("CREATE TABLE [users] ([id] uniqueidentifier NOT NULL")]
    [TestCase("ALTER TABLE [users] ADD CONSTRAINT CHECK ([tier] >= 0);")]
    public void Parser_WhenAStatementIsBroken_SaysSo(string script) => Assert.That(Parse(script).Errors, Is.Not.Empty);

    private static (Statements Statements, IEnumerable<string> Errors) Parse(string script)
    {
        using var text = new StringReader(script);
        var root = new TSql150Parser(initialQuotedIdentifiers: true).Parse(text, out var errors);
        var statements = new Statements();
        root?.Accept(statements);
        return (statements, errors.Select(error => $"line {error.Line}: {error.Message}"));
    }

    /// <summary>Collects the tables that a script creates, and the statements that it builds as text.</summary>
    private sealed class Statements : TSqlFragmentVisitor
    {
        public List<string> Tables { get; } = [];

        public List<string> Texts { get; } = [];

        public override void Visit(CreateTableStatement node) => Tables.Add(node.SchemaObjectName.BaseIdentifier.Value);

        public override void Visit(ExecutableStringList node) => Texts.AddRange(node.Strings.OfType<StringLiteral>().Select(text => text.Value));
    }
}
