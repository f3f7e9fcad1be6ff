using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Shared;

/// <summary>How a call ended.</summary>
/// <param name="Status">The HTTP status answered.</param>
/// <param name="Answer">The answer, recorded as JSON; <see langword="null"/> where there is none to record.</param>
/// <param name="Error">The refusal's code and words, or the kind of failure.</param>
public sealed record CallOutcome(int Status, object? Answer, string? Error);

/// <summary>Writes the one audit record of a call, with the settlement of its hold.</summary>
/// <param name="call">The facts of the call.</param>
/// <param name="record">What the pipeline has learnt.</param>
/// <param name="journal">Where it is written.</param>
/// <param name="logger">Where a record that could not be written shows.</param>
public sealed partial class CallRecorder(ICallContext call, CallRecord record, ICallJournal journal, ILogger<CallRecorder> logger)
{
    /// <summary>The status recorded for a caller who left before the answer; nothing is sent any more.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>Records a call that did not succeed.</summary>
    /// <param name="failure">What ended the call.</param>
    /// <param name="omitBodies">Whether the bodies are secrets.</param>
    public async Task RecordFailureAsync(Exception failure, bool omitBodies)
    {
        var outcome = failure switch
        {
            RefusedException { Error: var error } => Refused(error),
            PassedOnException passedOn => new CallOutcome(passedOn.Status, passedOn, "provider_rejected"),
            AnswerCutException { Error: var error } => Refused(error),
            OperationCanceledException when call.IsEndedByStop => Refused(RequestErrors.Stopping),
            OperationCanceledException => new CallOutcome(ClientClosedRequest, null, "cancelled"),
            _ => new CallOutcome((int)ErrorKind.Internal, null, failure.GetType().Name),
        };
        await TryRecordAsync(outcome, omitBodies);
    }

    /// <summary>Records a call whose answer is decided; a failure to do so is logged and changes nothing about it.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="omitBodies">Whether the bodies are secrets.</param>
    public async Task TryRecordAsync(CallOutcome outcome, bool omitBodies)
    {
        try
        {
            await RecordAsync(outcome, omitBodies);
        }
        catch (Exception lost) when (lost is not OutOfMemoryException)
        {
            LogRecordLost(lost, call.RequestId);
        }
    }

    /// <summary>Records a call and settles its hold in one transaction. A payment's transaction may be under way yet when this returns.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="omitBodies">Whether the bodies are secrets.</param>
    public async Task RecordAsync(CallOutcome outcome, bool omitBodies)
    {
        // One attempt: after a failure the outcome of the commit is unknown, and a second one could charge a failed call.
        record.Close();

        // A caller who leaves must stop neither the charge nor the record: both are what the call was for.
        var audit = Compose(outcome, omitBodies);
        if (record.Saved is { } saved)
        {
            await journal.CloseReusedAsync(audit, saved, CancellationToken.None);
        }
        else if (await SettleAsync(audit) is { } receipt)
        {
            record.Pay(receipt);
        }
    }

    // A model's answer need not wait for its payment's commit. What was bought or used otherwise does, and what a call with an
    // idempotency key came to must be known when the key comes again.
    private Task<CallReceipt?> SettleAsync(AuditRecord audit) => record is { Key: null, Settlement: Settlement.Capture { Usage: not null } payment }
        ? journal.PayAsync(audit, payment, CancellationToken.None)
        : journal.CloseAsync(audit, record.Settlement, CancellationToken.None);

    private static CallOutcome Refused(Error error) => new((int)error.Kind, null, $"{error.Code}: {error.Message}");

    private AuditRecord Compose(CallOutcome outcome, bool omitBodies) => new()
    {
        Id = call.RequestId,
        CorrelationId = call.CorrelationId,
        StartedAt = call.StartedAt,
        Method = AuditText.Cut(call.Method, AuditRecord.MaxMethodLength)!,
        Path = AuditText.Cut(call.Path, AuditRecord.MaxPathLength)!,
        RouteKey = call.RouteKey,
        EndpointId = record.EndpointId,
        UserId = record.Caller?.UserId,
        TokenId = record.TokenId,
        ApiKeyId = record.Caller?.ApiKeyId,
        Status = outcome.Status,
        ElapsedMilliseconds = (long)call.Elapsed.TotalMilliseconds,
        IpAddress = call.IpAddress,
        UserAgent = AuditText.Cut(call.UserAgent, AuditRecord.MaxUserAgentLength),
        RequestHeaders = AuditText.Members(call.Headers),
        RequestBody = omitBodies ? null : AuditText.Redact(call.Body.Json, AuditRecord.MaxBodyLength),
        ResponseBody = omitBodies ? null : Recorded(outcome.Answer),
        ReplayOf = record.ReplayOf,
        Error = AuditText.Cut(outcome.Error, AuditRecord.MaxErrorLength),
    };

    private static string? Recorded(object? answer) => answer switch
    {
        null => null,
        IRecordedAnswer { Recorded: var json } => AuditText.Redact(json, AuditRecord.MaxBodyLength),
        PassedOnException { Json: var json } => AuditText.Redact(json, AuditRecord.MaxBodyLength),
        _ => AuditText.Redact(answer, AuditRecord.MaxBodyLength),
    };

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit record of request {RequestId} could not be written")]
    private partial void LogRecordLost(Exception exception, Guid requestId);
}
