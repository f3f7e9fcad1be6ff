using System.Data;
using System.Globalization;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>Makes a database large by copying what one call of one user left in it, with ids, owners and secrets of their own.</summary>
internal sealed class GrownDatabase(PlatformDatabase database)
{
    /// <summary>A call leaves three entries: the grant, the hold and the capture.</summary>
    private const int EntriesOfACall = 3;

    // One digit a table, so that a copy's id tells whose it is, and rows that belong together have the same number.
    private const int User = 1, Key = 2, Token = 3, Account = 4, Hold = 5, Entry = 6, Request = 7, Chain = 8;

    /// <summary>Copies until there are as many users, entries and audit records more; the books of the copies balance.</summary>
    /// <param name="rows">How many of each.</param>
    /// <param name="cancellationToken">Stops between statements.</param>
    public async Task GrowAsync(int rows, CancellationToken cancellationToken)
    {
        var account = $"(SELECT id FROM ledger_accounts WHERE entry_count = {EntriesOfACall} ORDER BY id LIMIT 1)";
        var owner = $"(SELECT owner_id FROM ledger_accounts WHERE id = {account})";
        await CopyAsync("users", rows, $"id = {owner}", new() { ["id"] = Id(User), ["email"] = "'grown-' || n || '@example.com'" }, cancellationToken);
        await CopyAsync("api_keys", rows, $"user_id = {owner}", new() { ["id"] = Id(Key), ["user_id"] = Id(User), ["hash"] = Secret }, cancellationToken);
        await CopyAsync("access_tokens", rows, $"user_id = {owner}", new() { ["id"] = Id(Token), ["user_id"] = Id(User), ["hash"] = Secret }, cancellationToken);

        var calls = rows / EntriesOfACall;
        await CopyAsync("ledger_accounts", calls, $"id = {account}", new() { ["id"] = Id(Account), ["owner_id"] = Id(User) }, cancellationToken);
        await CopyAsync("holds", calls, $"user_id = {owner}", new() { ["id"] = Id(Hold), ["request_id"] = Id(Request), ["user_id"] = Id(User) }, cancellationToken);
        for (var sequence = 1; sequence <= EntriesOfACall; sequence++)
        {
            await CopyAsync(
                "ledger_entries",
                calls,
                $"account_id = {account} AND sequence = {sequence}",
                new()
                {
                    ["id"] = Id(Entry, sequence),
                    ["account_id"] = Id(Account),
                    ["request_id"] = Id(Request),
                    ["hold_id"] = $"CASE WHEN hold_id IS NULL THEN NULL ELSE {Id(Hold)} END",
                },
                cancellationToken);
        }

        await CopyAsync(
            "audit_records",
            rows,
            $"user_id = {owner} AND hold_id IS NOT NULL",
            new()
            {
                ["id"] = Id(Request),
                ["user_id"] = Id(User),
                ["hold_id"] = $"CASE WHEN n <= {calls} THEN {Id(Hold)} ELSE NULL END",
                ["token_id"] = Id(Token),
                ["chain_id"] = Id(Chain, number: "0"),
                ["chain_sequence"] = "n",
            },
            cancellationToken);
        await CopyAsync("usage_records", calls, $"user_id = {owner}", new() { ["request_id"] = Id(Request), ["user_id"] = Id(User) }, cancellationToken);
        await SettleAsync(cancellationToken);
    }

    // Older than every real id, and in order, as the ids of the past are.
    private string Id(int table, int part = 0, string number = "n") => database.IsSqlite
        ? $"printf('01900000-0000-7000-8{table}{part}0-%012X', {number})"
        : $"('01900000-0000-7000-8{table}{part}0-' || lpad(to_hex({number}), 12, '0'))::uuid";

    private string Secret => database.IsSqlite ? "lower(hex(randomblob(32)))" : "encode(sha256(gen_random_uuid()::text::bytea), 'hex')";

    private async Task CopyAsync(string table, int rows, string which, Dictionary<string, string> changed, CancellationToken cancellationToken)
    {
        var columns = await ColumnsAsync(table, cancellationToken);
        var values = columns.Select(column => changed.GetValueOrDefault(column, column));
        var numbers = database.IsSqlite
            ? string.Create(CultureInfo.InvariantCulture, $"(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}) SELECT n FROM numbers)")
            : string.Create(CultureInfo.InvariantCulture, $"(SELECT n FROM generate_series(1, {rows}) AS numbers(n))");
        await database.ExecuteAsync(
            $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM (SELECT * FROM {table} WHERE {which} LIMIT 1) AS origin CROSS JOIN {numbers} AS numbers",
            cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ColumnsAsync(string table, CancellationToken cancellationToken)
    {
        await using var connection = database.Connect();
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} LIMIT 0";
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);

        // SQLite numbers rows by itself.
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).Where(column => column != "place")];
    }

    // What a database does in the background after such a change, it does now.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        string[] statements = database.IsSqlite ? ["ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"] : ["VACUUM (ANALYZE)", "CHECKPOINT"];
        foreach (var statement in statements)
        {
            await database.ExecuteAsync(statement, cancellationToken);
        }
    }
}
