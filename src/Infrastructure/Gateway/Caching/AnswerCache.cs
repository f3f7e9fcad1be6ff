using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway.Caching;

/// <summary>Keeps answers in the database, encrypted. Every key comes from the pepper, so all replicas read each other's answers.</summary>
internal sealed partial class AnswerCache(
    IDbContextFactory<AppDbContext> contexts, KeyRing keys, IOptions<AnswerCacheOptions> options, TimeProvider time, ILogger<AnswerCache> logger)
    : IAnswerCache
{
    /// <summary>Largest answer that is kept, in bytes of JSON.</summary>
    public const int MaxAnswerBytes = 256 * 1024;

    private const int GuidLength = 16;

    private static readonly TimeSpan KeepPatience = TimeSpan.FromSeconds(5);

    private readonly byte[] _questions = keys.Key("answer-cache-questions");
    private readonly AnswerSeal _answers = new(keys.Key("answer-cache-answers"));

    public Guid Identify(CacheQuestion question)
    {
        // Each part's length keeps two questions from reading the same.
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _questions);
        hash.AppendData(question.UserId.ToByteArray(bigEndian: true));
        Append(hash, Encoding.UTF8.GetBytes(question.Operation));
        Append(hash, Encoding.UTF8.GetBytes(question.Model));
        foreach (var (name, value) in question.Headers)
        {
            Append(hash, Encoding.UTF8.GetBytes(name));
            Append(hash, Encoding.UTF8.GetBytes(value));
        }

        Append(hash, question.Body.Span);
        return new Guid(hash.GetHashAndReset().AsSpan(0, GuidLength), bigEndian: true);
    }

    public async Task<ReusableAnswer?> FindAsync(Guid id, Guid userId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var found = await db.Set<CachedAnswer>().AsNoTracking().FirstOrDefaultAsync(answer => answer.Id == id, cancellationToken);
            return found?.IsFor(userId, lifetime, time.GetUtcNow()) is true ? Open(found) : null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogNotRead(failure);
            return null;
        }
    }

    public async Task KeepAsync(Guid id, Guid userId, ReusableAnswer answer, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (answer.Json.Length > MaxAnswerBytes)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(KeepPatience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await ReplaceAsync(Close(new CachedAnswer(id, userId, answer.RequestId, time.GetUtcNow(), lifetime), answer), either.Token);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Of two calls that ask the same at once, one keeps its answer.
            LogNotKept(failure, answer.RequestId);
        }
    }

    private async Task ReplaceAsync(CachedAnswer answer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<CachedAnswer>().Where(row => row.Id == answer.Id).ExecuteDeleteAsync(cancellationToken);
        db.Add(answer);
        await db.SaveChangesAsync(cancellationToken);

        // Each call adds one, so a few at a time are enough, also after the setting was lowered.
        var surplus = await db.Set<CachedAnswer>()
            .Where(row => row.UserId == answer.UserId)
            .OrderByDescending(row => row.MadeAt).ThenByDescending(row => row.RequestId)
            .Skip(options.Value.MaxAnswersPerAccount)
            .Take(100)
            .Select(row => row.Id)
            .ToListAsync(cancellationToken);
        if (surplus.Count > 0)
        {
            await db.Set<CachedAnswer>().Where(row => surplus.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private CachedAnswer Close(CachedAnswer row, ReusableAnswer answer)
    {
        var content = new Content(answer.Json, answer.Provider, answer.Model, answer.Cost.Meters);
        row.Enclose(_answers.Seal(JsonSerializer.SerializeToUtf8Bytes(content), Bound(row)));
        return row;
    }

    private ReusableAnswer? Open(CachedAnswer row) =>
        _answers.Open(row.Sealed, Bound(row)) is { } json && JsonSerializer.Deserialize<Content>(json) is { } content
            ? new ReusableAnswer(row.RequestId, content.Json, content.Provider, content.Model, new CallReceipt(content.Cost))
            : null;

    /// <summary>A row with another account, call or time than it was written with is none.</summary>
    private static byte[] Bound(CachedAnswer row)
    {
        var bound = new byte[(3 * GuidLength) + (2 * sizeof(long))];
        row.Id.TryWriteBytes(bound, bigEndian: true, out _);
        row.UserId.TryWriteBytes(bound.AsSpan(GuidLength), bigEndian: true, out _);
        row.RequestId.TryWriteBytes(bound.AsSpan(2 * GuidLength), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(3 * GuidLength), row.MadeAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan((3 * GuidLength) + sizeof(long)), row.ExpiresAt.ToUnixTimeMilliseconds());
        return bound;
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cache of answers could not be read; the model is asked")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The answer of request {RequestId} could not be kept for later calls")]
    private partial void LogNotKept(Exception exception, Guid requestId);

    private sealed record Content(ReadOnlyMemory<byte> Json, string Provider, string Model, IReadOnlyList<MeterReceipt> Cost);
}
