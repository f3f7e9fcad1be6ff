namespace AiPlatform.Domain.Operations;

/// <summary>What a call was: who asked what, what came of it, what it cost. One a call, never changed.</summary>
public sealed class AuditRecord
{
    /// <summary>Longest request or response body kept, in characters.</summary>
    public const int MaxBodyLength = 8 * 1024;

    /// <summary>Longest HTTP method kept, in characters; no method that is served is longer.</summary>
    public const int MaxMethodLength = 16;

    /// <summary>Longest user agent kept, in characters.</summary>
    public const int MaxUserAgentLength = 500;

    /// <summary>Longest path kept, in characters.</summary>
    public const int MaxPathLength = 500;

    /// <summary>Longest key of a route, in characters.</summary>
    public const int MaxRouteKeyLength = 100;

    /// <summary>Longest error text kept, in characters.</summary>
    public const int MaxErrorLength = 1000;

    private string? _error;

    /// <summary>The request's id (UUIDv7): the record's key, which the ledger's entries carry too.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client's own id of the call, when it sent one.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>When the call arrived, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path without its query, which may carry a token.</summary>
    public required string Path { get; init; }

    /// <summary>The route that answered; <see langword="null"/> where none did.</summary>
    public string? RouteKey { get; init; }

    /// <summary>The row of the endpoint catalogue that priced the call.</summary>
    public Guid? EndpointId { get; init; }

    /// <summary>Who called, when that became known.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The access token that was presented, when it is one of ours.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The API key that was presented, when it is one of ours.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The HTTP status answered.</summary>
    public required int Status { get; init; }

    /// <summary>From arrival to the end of the use case, in milliseconds.</summary>
    public required long ElapsedMilliseconds { get; init; }

    /// <summary>The hold that was placed for the call.</summary>
    public Guid? HoldId { get; private set; }

    /// <summary>What was charged, in thousandths of a credit; zero where nothing was.</summary>
    public long Charged { get; private set; }

    /// <summary>The call whose kept answer was given again, to the same idempotency key or from the cache; <see langword="null"/> for a call that was carried out.</summary>
    public Guid? ReplayOf { get; init; }

    /// <summary>The caller's address.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The caller's <c>User-Agent</c>, cut to <see cref="MaxUserAgentLength"/>.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Allowed headers as a JSON object.</summary>
    public string? RequestHeaders { get; init; }

    /// <summary>The request's JSON with secrets redacted, cut to <see cref="MaxBodyLength"/>.</summary>
    public string? RequestBody { get; init; }

    /// <summary>The answer's JSON with secrets redacted, cut to <see cref="MaxBodyLength"/>.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>The code and words of the refusal, or the kind of failure.</summary>
    public string? Error
    {
        get => _error;
        init => _error = value;
    }

    /// <summary>The chain that the record belongs to; <see langword="null"/> for one that was written before there were chains.</summary>
    public Guid? ChainId { get; private set; }

    /// <summary>The record's place in its chain, from 1.</summary>
    public long? ChainSequence { get; private set; }

    /// <summary><c>SHA-256(hash of the record before ‖ written form of this one)</c>; see <see cref="AuditDigest"/>.</summary>
    public byte[]? ChainHash { get; private set; }

    /// <summary>Notes what the call cost. The last word counts: a settlement that was not committed is decided again.</summary>
    /// <param name="holdId">The call's hold.</param>
    /// <param name="amount">What this call captured of it, in thousandths of a credit.</param>
    /// <param name="error">How the call ended, with what its settlement adds to that.</param>
    public void Charge(Guid holdId, long amount, string? error)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        (HoldId, Charged, _error) = (holdId, amount, error);
    }

    /// <summary>Notes the record's place. A place in a chain that was not committed is given up for another.</summary>
    internal void Link(Guid chainId, long sequence, byte[] hash) => (ChainId, ChainSequence, ChainHash) = (chainId, sequence, hash);
}
