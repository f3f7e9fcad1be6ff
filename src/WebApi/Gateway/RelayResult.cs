using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Shared;
using AiPlatform.WebApi.Shared;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>What the model APIs have in common.</summary>
internal static class RelayResults
{
    /// <summary>Most bytes of a request: some images, or minutes of sound, in base64.</summary>
    public const int MaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>Deepest nesting of a request: schemas of tools are deep.</summary>
    public const int MaxBodyDepth = 64;

    public const string NoBody = "The request's body must be one JSON object in UTF-8, each of its members once; it could not be read as one";

    /// <summary>What the client lets the cache of answers do (RFC 9111, section 5.2.1); what cannot be read asks for nothing.</summary>
    public static CacheUse CachingOf(HttpRequest request) => request.GetTypedHeaders().CacheControl switch
    {
        { NoStore: true } => CacheUse.None,
        { NoCache: true } => CacheUse.KeepOnly,
        _ => CacheUse.Full,
    };
}

/// <summary>Answers in the provider's own words.</summary>
internal sealed class RelayResult(RelayReply reply) : IActionResult
{
    /// <summary>Most bytes of an answer that lie with the server, beside the answer itself, until the client takes them.</summary>
    private const int LargestPart = 1024 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        if (!reply.IsWhole)
        {
            var record = http.RequestServices.GetRequiredService<CallRecord>();
            await http.RequestServices.GetRequiredService<HttpAnswerChannel>().TellCostAsync(record.Receipt, http.RequestAborted);
            return;
        }

        CallHeaders.SetCache(http.Response, http.RequestServices.GetRequiredService<CacheTurn>(), reply);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = reply.Json.Length;
        await WriteAsync(http.Response.Body, reply.Json, http.RequestAborted);
    }

    /// <summary>The server copies what it is given before it waits for the client to take it, so it is given one part at a time.</summary>
    private static async Task WriteAsync(Stream body, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        while (!json.IsEmpty)
        {
            var part = json[..Math.Min(json.Length, LargestPart)];
            await body.WriteAsync(part, cancellationToken);
            json = json[part.Length..];
        }
    }
}
