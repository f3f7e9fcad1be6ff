using AiPlatform.Application.Shared;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>The headers by which a caller has a call carried out once, however often it is sent.</summary>
internal static class IdempotencyHeaders
{
    /// <summary>Sent by the caller: names the call.</summary>
    public const string Key = "Idempotency-Key";

    /// <summary>Sent back as <c>true</c> with the answer of an earlier call.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>Marks the answer if it turns out to be that of an earlier call; nothing to do where the call has no name.</summary>
    public static void MarkReplay(HttpContext http, CallRecord record)
    {
        if (!http.Request.Headers.ContainsKey(Key))
        {
            return;
        }

        http.Response.OnStarting(() =>
        {
            if (record is { ReplayOf: not null, IsReused: false } && http.Response.StatusCode < StatusCodes.Status400BadRequest)
            {
                http.Response.Headers[Replayed] = "true";
            }

            return Task.CompletedTask;
        });
    }
}
