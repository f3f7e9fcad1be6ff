using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Keeps answers under AES-256-GCM. Every key comes from the pepper, so all replicas know the same keys and read each other's answers.</summary>
internal sealed class IdempotentAnswers(IDbContextFactory<AppDbContext> contexts, KeyRing keys, TimeProvider time) : IIdempotentAnswers
{
    /// <summary>Largest answer that is kept, in bytes of JSON.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    private const int GuidLength = 16;

    private readonly byte[] _names = keys.Key("idempotency-keys");
    private readonly byte[] _fingerprints = keys.Key("idempotency-fingerprints");
    private readonly AnswerSeal _answers = new(keys.Key("idempotency-answers"));

    public IdempotencyKey Identify(Guid userId, string key, string routeKey, ReadOnlySpan<byte> body)
    {
        Span<byte> name = stackalloc byte[GuidLength + key.Length];
        userId.TryWriteBytes(name, bigEndian: true, out _);
        Encoding.ASCII.GetBytes(key, name[GuidLength..]);

        // The route's length keeps a route and a body from standing for another route and another body.
        using var fingerprint = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _fingerprints);
        var route = Encoding.UTF8.GetBytes(routeKey);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, route.Length);
        fingerprint.AppendData(length);
        fingerprint.AppendData(route);
        fingerprint.AppendData(body);
        return new IdempotencyKey(
            new Guid(HMACSHA256.HashData(_names, name).AsSpan(0, GuidLength), bigEndian: true), fingerprint.GetHashAndReset());
    }

    public async Task<EarlierCall?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from call in db.Set<IdempotentCall>().AsNoTracking()
            join hold in db.Set<Hold>() on call.HoldId equals hold.Id into holds
            from hold in holds.DefaultIfEmpty()
            where call.Id == key.Id
            select new { Call = call, State = hold == null ? (HoldState?)null : hold.State }).FirstOrDefaultAsync(cancellationToken);
        if (found is null || found.Call.IsFree(found.State, time.GetUtcNow()))
        {
            return null;
        }

        var isSame = found.Call.IsSame(key);
        var answer = isSame ? Open(found.Call) : null;
        var outcome = found.State switch
        {
            HoldState.Disputed => EarlierOutcome.Disputed,
            _ when answer is not null => EarlierOutcome.Answered,
            HoldState.Captured or null => EarlierOutcome.NotKept,
            _ => EarlierOutcome.InProgress,
        };
        return new EarlierCall(found.Call.RequestId, isSame, outcome, answer);
    }

    public byte[]? Seal(IdempotencyKey key, ReadOnlySpan<byte> answer) =>
        answer.Length <= MaxAnswerBytes ? _answers.Seal(answer, Bound(key.Id, key.Fingerprint.Span)) : null;

    /// <summary>Decrypts an answer; one that was kept under another pepper, or moved to another key, is none.</summary>
    private byte[]? Open(IdempotentCall call) => call.Answer is { } kept ? _answers.Open(kept, Bound(call.Id, call.Fingerprint)) : null;

    private static byte[] Bound(Guid id, ReadOnlySpan<byte> fingerprint) => [.. id.ToByteArray(bigEndian: true), .. fingerprint];
}
