using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

/// <summary>Reads, changes and verifies an audit trail behind the back of the platform that wrote it.</summary>
internal static class AuditTrailDamage
{
    private const string Columns =
        "id, correlation_id, started_at, method, path, route_key, endpoint_id, user_id, token_id, api_key_id, status, elapsed_milliseconds, " +
        "hold_id, charged, replay_of, ip_address, user_agent, request_headers, request_body, response_body, error";

    /// <summary>A platform with so many records in one chain.</summary>
    public static async Task<TestPlatform> StartAsync(DatabaseProvider database, int calls)
    {
        var platform = await TestPlatform.StartAsync(database);
        for (var call = 0; call < calls; call++)
        {
            await platform.Api().GetAsync("/check-balance", TestPlatform.AdminKey);
        }

        return platform;
    }

    public static Task<Answer> VerifyAsync(TestPlatform platform, string query = "") =>
        platform.Api().GetAsync($"/audit/verify?{query}", TestPlatform.AdminKey);

    public static bool Valid(Answer answer) => answer["valid"]!.GetValue<bool>();

    public static void AssertBroken(Answer answer, string kind, long? sequence, Guid requestId, string? because = null)
    {
        Assert.That(Valid(answer), Is.False, because);
        var found = answer["breaks"]!.AsArray().First()!;
        Assert.That(
            (found["kind"]!.GetValue<string>(), found["sequence"]?.GetValue<long>(), found["request_id"]?.GetValue<Guid>()),
            Is.EqualTo((kind, sequence, (Guid?)requestId)),
            $"{because} {answer.Text}");
        Assert.That(found["message"]!.GetValue<string>(), Is.Not.Empty);
    }

    public static Task<AuditRecord> RecordAsync(TestPlatform platform, long sequence) =>
        platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking().SingleAsync(record => record.ChainSequence == sequence));

    public static Task<int> ExecuteAsync(TestPlatform platform, string sql) =>
        platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    public static Task<int> PlaceAsync(TestPlatform platform, Guid id, long sequence, byte[] hash) => platform.QueryAsync(db =>
        db.Database.ExecuteSqlAsync($"UPDATE audit_records SET chain_sequence = {sequence}, chain_hash = {hash} WHERE id = {id}"));

    /// <summary>Puts a copy of a record, with an id of its own, into a place of the chain.</summary>
    public static async Task<Guid> CopyAsync(TestPlatform platform, long from, long to)
    {
        var id = Unique.Id();
        await ExecuteAsync(
            platform,
            $"INSERT INTO audit_records ({Columns}, chain_id, chain_sequence, chain_hash) SELECT '{id.ToString().ToUpperInvariant()}', " +
            $"{Columns[4..]}, chain_id, {to}, chain_hash FROM audit_records WHERE chain_sequence = {from}");
        return id;
    }
}
