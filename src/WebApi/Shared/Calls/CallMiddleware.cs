using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.Shared.Errors;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>
/// Surrounds every call: it gives the call its id, answers what went wrong, and records a call under an API prefix that never
/// reached the pipeline.
/// </summary>
internal sealed partial class CallMiddleware(
    RequestDelegate next, ErrorWriter errors, ApiPrefixes prefixes, Stopping stopping, ILogger<CallMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http, HttpCallContext call, CallRecord record, CallRecorder recorder)
    {
        var requestId = call.RequestId.ToString("D");
        http.Response.Headers["X-Request-Id"] = requestId;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (call.CorrelationId is { } correlationId)
        {
            http.Response.Headers["X-Correlation-ID"] = correlationId;
        }

        using var bound = stopping.Bind(http);
        CallHeaders.Announce(http, requestId, record);
        IdempotencyHeaders.MarkReplay(http, record);
        await AnswerAsync(http, call);
        if (!record.IsClosed && prefixes.Contains(http.Request.Path))
        {
            await RecordAsync(http, recorder);
        }
    }

    private static async Task RecordAsync(HttpContext http, CallRecorder recorder)
    {
        var status = http.Response.StatusCode;
        await recorder.TryRecordAsync(new CallOutcome(status, null, status < 400 ? null : "unrouted"), omitBodies: false);
    }

    private async Task AnswerAsync(HttpContext http, HttpCallContext call)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.ContentLength is null && ErrorWriter.OfStatus(http.Response.StatusCode) is { } error)
            {
                await errors.WriteAsync(http, error);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            await EndAsync(http, call);
        }
        catch (PassedOnException refusal) when (!http.Response.HasStarted)
        {
            await ErrorWriter.PassOnAsync(http, refusal);
        }
        catch (AnswerCutException cut) when (cut.Error.Kind >= ErrorKind.Internal && cut.Error != RequestErrors.Stopping)
        {
            LogFailed(cut, call.RequestId, cut.Error.Code);
        }
        catch (AnswerCutException cut)
        {
            LogNotServed(call.RequestId, cut.Error.Code);
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            await errors.WriteAsync(http, ErrorOf(http, call, failure));
        }
        catch (Exception failure)
        {
            // The answer is under way; cutting the connection is the only way left to say that it is not whole.
            LogCutOff(failure, call.RequestId);
            http.Abort();
        }
    }

    /// <summary>Ends a call whose caller left, or that a stop ends.</summary>
    private async Task EndAsync(HttpContext http, HttpCallContext call)
    {
        if (http.Response.HasStarted)
        {
            // No clean end says that the answer is whole.
            http.Abort();
        }
        else if (stopping.EndsCalls)
        {
            LogNotServed(call.RequestId, RequestErrors.Stopping.Code);
            await errors.WriteAsync(http, RequestErrors.Stopping);
        }
        else
        {
            http.Response.StatusCode = CallRecorder.ClientClosedRequest;
        }
    }

    private Error ErrorOf(HttpContext http, HttpCallContext call, Exception failure)
    {
        switch (failure)
        {
            case RefusedException { Error.Kind: >= ErrorKind.Internal, InnerException: null } refused:
                // Decided, not failed: where it was decided says nothing that its code does not.
                LogNotServed(call.RequestId, refused.Error.Code);
                return refused.Error;
            case RefusedException refused:
                if (refused.Error.Kind >= ErrorKind.Internal)
                {
                    LogFailed(failure, call.RequestId, refused.Error.Code);
                }

                return refused.Error;
            case BadHttpRequestException malformed:
                return ErrorWriter.OfStatus(malformed.StatusCode) ?? RequestErrors.Invalid("The request could not be read");
            default:
                LogFailed(failure, call.RequestId, "unexpected");
                return ErrorWriter.Unexpected(http);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed with {Code}")]
    private partial void LogFailed(Exception failure, Guid requestId, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} could not be served: {Code}")]
    private partial void LogNotServed(Guid requestId, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} was cut off while its answer was under way")]
    private partial void LogCutOff(Exception failure, Guid requestId);
}
