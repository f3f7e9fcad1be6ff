using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AutoMapper;

namespace AiPlatform.Application.Operations;

/// <summary>A record of the audit trail, as an administrator sees it. See <see cref="AuditRecord"/> for what each field holds.</summary>
/// <remarks>A class for the reason that <see cref="EndpointView"/> is one.</remarks>
public sealed class AuditTrailEntry
{
    /// <summary>The request's id, sent to its caller as <c>X-Request-Id</c>.</summary>
    public Guid Id { get; init; }

    /// <summary>The client's own id of the call.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>When the call arrived, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>HTTP method.</summary>
    public string Method { get; init; } = string.Empty;

    /// <summary>Path without its query.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>The route that answered.</summary>
    public string? RouteKey { get; init; }

    /// <summary>The row of the endpoint catalogue that priced the call.</summary>
    public Guid? EndpointId { get; init; }

    /// <summary>Who called.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The access token that was presented.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The API key that was presented.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The HTTP status answered.</summary>
    public int Status { get; init; }

    /// <summary>From arrival to the end of the use case, in milliseconds.</summary>
    public long ElapsedMilliseconds { get; init; }

    /// <summary>The hold that was placed for the call.</summary>
    public Guid? HoldId { get; init; }

    /// <summary>What was charged, in thousandths of a credit.</summary>
    public long Charged { get; init; }

    /// <summary>What was charged, in credits.</summary>
    public decimal ChargedCredits => (decimal)Charged / MeterUnits.PerCredit;

    /// <summary>The caller's address.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The caller's <c>User-Agent</c>.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Allowed headers as a JSON object.</summary>
    public string? RequestHeaders { get; init; }

    /// <summary>The request's JSON, secrets redacted, possibly cut.</summary>
    public string? RequestBody { get; init; }

    /// <summary>The answer's JSON, secrets redacted, possibly cut.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>The code and words of the refusal, or the kind of failure.</summary>
    public string? Error { get; init; }

    /// <summary>The call whose kept answer was given again.</summary>
    public Guid? ReplayOf { get; init; }

    /// <summary>The chain that the record belongs to.</summary>
    public Guid? ChainId { get; init; }

    /// <summary>The record's place in its chain.</summary>
    public long? ChainSequence { get; init; }

    /// <summary>The hash of the record and of all records before it.</summary>
    public byte[]? ChainHash { get; init; }
}

internal sealed class AuditTrailEntryProfile : Profile
{
    public AuditTrailEntryProfile()
    {
        CreateMap<AuditRecord, AuditTrailEntry>();
    }
}
