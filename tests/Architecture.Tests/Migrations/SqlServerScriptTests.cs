using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
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

        Assert.That(errors.Concat(statements.Texts.SelectMany(text => Parse(text).Errors)), Is.Empty);
        Assert.That(statements.Tables, Does.Contain("ledger_accounts").And.Contain("audit_records").And.Contain("__EFMigrationsHistory"));
    }

    [Test]
    public void Schema_OfTheModel_UsesOnlyNamesThatExist()
    {
        using var db = MigratedDatabase.Context(DatabaseProvider.SqlServer);
        var (statements, _) = Parse(db.Database.GenerateCreateScript());

        Assert.That(statements.Definitions, Has.Some.StartsWith("CREATE TABLE").And.Some.StartsWith("CREATE UNIQUE INDEX"));
        Assert.That(SqlServerModel.Validate(statements.Definitions), Is.Empty);
    }

    [Test]
    public void Schema_WhenAKeyPointsNowhere_IsRefused()
    {
        var problems = SqlServerModel.Validate(["CREATE TABLE [a] ([b] int CONSTRAINT [fk_a] REFERENCES [nowhere] ([c]));"]);

        Assert.That(problems, Has.Some.Contains("unresolved reference"));
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

    /// <summary>Collects what a script creates, and the statements that it builds as text.</summary>
    private sealed class Statements : TSqlFragmentVisitor
    {
        public List<string> Tables { get; } = [];

        public List<string> Definitions { get; } = [];

        public List<string> Texts { get; } = [];

        public override void Visit(CreateTableStatement node)
        {
            Tables.Add(node.SchemaObjectName.BaseIdentifier.Value);
            Definitions.Add(TextOf(node));
        }

        public override void Visit(CreateIndexStatement node) => Definitions.Add(TextOf(node));

        public override void Visit(AlterTableAddTableElementStatement node) => Definitions.Add(TextOf(node));

        // What only the server knows, a constraint's name, stands there as some name.
        public override void Visit(ExecutableStringList node) =>
            Texts.Add(string.Concat(node.Strings.Select(part => part is StringLiteral text ? text.Value : "x")));

        private static string TextOf(TSqlFragment node) => string.Concat(node.ScriptTokenStream
            .Skip(node.FirstTokenIndex)
            .Take(node.LastTokenIndex - node.FirstTokenIndex + 1)
            .Select(token => token.Text));
    }
}
