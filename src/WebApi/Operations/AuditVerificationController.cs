using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Operations;

/// <summary>Proves that the audit trail is as it was written.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class AuditVerificationController(IMediator mediator) : ControllerBase
{
    /// <summary>Computes the hashes of the audit trail anew and tells where a record was changed, removed, moved or put in.</summary>
    /// <remarks>
    /// Every writing process has a chain of its own. A long trail is verified piece by piece: pass <c>next_cursor</c> as
    /// <c>cursor</c> until it is <c>null</c>. The database alone can be rewritten consistently by whoever owns it; a
    /// <c>head_hash</c> that was noted elsewhere shows that as well.
    /// </remarks>
    /// <param name="filter">Which part of the trail.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What was found, whether or not the trail is intact.</response>
    [HttpGet("/audit/verify")]
    [RouteKey("operations.verify-audit-trail")]
    [Sends<VerifyAuditTrailQuery>]
    [UnexpectedError("Error verifying the audit trail")]
    [ProducesResponseType<AuditVerificationReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Verify([FromQuery] AuditVerificationFilter filter, CancellationToken cancellationToken) =>
        Ok(AuditVerificationReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));
}

/// <summary>Which part of the audit trail is verified.</summary>
public sealed record AuditVerificationFilter
{
    /// <summary>Only this chain; all of them where none is named.</summary>
    [FromQuery(Name = "chain_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? ChainId { get; init; }

    /// <summary>Only records from this place of the chain on, from 1.</summary>
    [FromQuery(Name = "from_sequence")]
    public string? FromSequence { get; init; }

    /// <summary>Only records up to this place of the chain.</summary>
    [FromQuery(Name = "to_sequence")]
    public string? ToSequence { get; init; }

    /// <summary>The <c>next_cursor</c> of an earlier answer: goes on from there.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Most records to look at.</summary>
    [FromQuery(Name = "max_records")]
    [Range(1, VerifyAuditTrailQuery.HighestMaxRecords)]
    [DefaultValue("100000")]
    public string? MaxRecords { get; init; }

    internal VerifyAuditTrailQuery ToQuery() => new()
    {
        ChainId = QueryText.Uuid(ChainId),
        FromSequence = QueryText.Long(FromSequence),
        ToSequence = QueryText.Long(ToSequence),
        Cursor = QueryText.Parsed(Cursor, AuditCursor.Parse),
        MaxRecords = QueryText.Integer(MaxRecords),
    };
}

/// <summary>What became of a verification.</summary>
public sealed record AuditVerificationReply
{
    /// <summary>Whether everything that was looked at is as it was written.</summary>
    public required bool Valid { get; init; }

    /// <summary>Whether everything that was asked for was looked at; if not, go on with <c>next_cursor</c>.</summary>
    public required bool Complete { get; init; }

    /// <summary>How many records were found as they were written.</summary>
    /// <example>1000</example>
    public required long Checked { get; init; }

    /// <summary>Where the trail is not as it was written: the first place of each chain, in order.</summary>
    public required IReadOnlyList<AuditBreakReply> Breaks { get; init; }

    /// <summary>The chains that were looked at, oldest first.</summary>
    public required IReadOnlyList<CheckedChainReply> Chains { get; init; }

    /// <summary>Records that belong to no chain; <c>null</c> where only a part of the trail was asked for.</summary>
    public required UnchainedRecordsReply? Unchained { get; init; }

    /// <summary>Where to go on; <c>null</c> where nothing is left.</summary>
    /// <example>null</example>
    public required string? NextCursor { get; init; }

    internal static AuditVerificationReply Of(AuditVerification verification) => new()
    {
        Valid = verification.Breaks.Count == 0,
        Complete = verification.Next is null,
        Checked = verification.Checked,
        Breaks = [.. verification.Breaks.Select(AuditBreakReply.Of)],
        Chains = [.. verification.Chains.Select(CheckedChainReply.Of)],
        Unchained = verification.Unchained is { } unchained ? UnchainedRecordsReply.Of(unchained) : null,
        NextCursor = verification.Next?.ToString(),
    };
}

/// <summary>A place where the audit trail is not as it was written.</summary>
/// <param name="Kind" example="edited">
/// <c>edited</c>, <c>missing</c>, <c>reordered</c>, <c>inserted</c>, <c>head_changed</c>, <c>missing_chain</c> or <c>unknown_format</c>.
/// </param>
/// <param name="ChainId">The chain; <c>null</c> for a record that is in none.</param>
/// <param name="Sequence" example="42">The place in the chain.</param>
/// <param name="RequestId">The record there; for a missing one, the record before it.</param>
/// <param name="Message" example="The record is not the one that was written here.">What it means.</param>
public sealed record AuditBreakReply(string Kind, Guid? ChainId, long? Sequence, Guid? RequestId, string Message)
{
    private static readonly Dictionary<AuditBreakKind, (string Name, string Message)> Words = new()
    {
        [AuditBreakKind.Edited] = ("edited", "The record is not the one that was written here."),
        [AuditBreakKind.Missing] = ("missing", "The record that was written here is gone; request_id is the one before it."),
        [AuditBreakKind.Reordered] = ("reordered", "The record was written, but at a later place of its chain."),
        [AuditBreakKind.Inserted] = ("inserted", "The platform wrote no such record here."),
        [AuditBreakKind.HeadChanged] = ("head_changed", "The chain's head in audit_chains is not its last record."),
        [AuditBreakKind.MissingChain] = ("missing_chain", "The chain was started, but is gone from audit_chains."),
        [AuditBreakKind.UnknownFormat] = ("unknown_format", "The chain's format is not known here; verify it with the version that wrote it."),
    };

    internal static AuditBreakReply Of(AuditBreak found) => new(
        Words[found.Kind].Name, found.ChainId, found.Sequence, found.RequestId, Words[found.Kind].Message);
}

/// <summary>A chain, as far as it was looked at.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="StartedAt" example="2025-03-05T12:00:00.123456Z">When it was started, UTC.</param>
/// <param name="FromSequence" example="1">The first record that was looked at.</param>
/// <param name="ToSequence" example="1000">The last record that was found as it was written.</param>
/// <param name="Checked" example="1000">How many they are.</param>
/// <param name="HeadSequence" example="1000">The chain's last record.</param>
/// <param name="HeadHash" example="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08">Its hash: SHA-256, hexadecimal.</param>
public sealed record CheckedChainReply(
    Guid ChainId, string StartedAt, long FromSequence, long ToSequence, long Checked, long HeadSequence, string HeadHash)
{
    internal static CheckedChainReply Of(CheckedChain chain) => new(
        chain.ChainId,
        UtcText.Of(chain.StartedAt),
        chain.FromSequence,
        chain.ToSequence,
        chain.ToSequence - chain.FromSequence + 1,
        chain.HeadSequence,
        Convert.ToHexStringLower(chain.HeadHash));
}

/// <summary>Records that belong to no chain: those that were written before there were chains.</summary>
/// <param name="Count" example="0">How many there are.</param>
/// <param name="NewestStartedAt" example="2025-03-05T12:00:00.123456Z">When the youngest of these calls arrived, UTC.</param>
public sealed record UnchainedRecordsReply(long Count, string? NewestStartedAt)
{
    internal static UnchainedRecordsReply Of(UnchainedRecords records) => new(records.Count, UtcText.Of(records.NewestStartedAt));
}
