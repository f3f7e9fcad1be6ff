using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>What a <see cref="LoopbackUpstream"/> can do with a request.</summary>
public static class Upstream
{
    /// <summary>The smallest PNG there is: one pixel.</summary>
    public const string Pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>Text that providers write and no caller may see.</summary>
    public const string Secret = "sk-upstream-secret-text";

    /// <summary>Answers as OpenAI does, whatever the operation.</summary>
    /// <param name="text">The answer's text.</param>
    /// <param name="usage">The usage; 125 and 84 tokens where none is given.</param>
    public static UpstreamBehavior Ok(string text = "A fine answer", JsonObject? usage = null) => (http, request) =>
        http.Response.WriteAsJsonAsync(AnswerTo(request, text, usage?.DeepClone() ?? Usage(125, 84)), http.RequestAborted);

    /// <summary>Answers as OpenAI does, but for the members that <paramref name="spoil"/> changes.</summary>
    public static UpstreamBehavior Spoilt(Action<JsonObject> spoil) => (http, request) =>
    {
        var answer = AnswerTo(request, "A fine answer", Usage(125, 84));
        spoil(answer);
        return http.Response.WriteAsJsonAsync(answer, http.RequestAborted);
    };

    /// <summary>Refuses with a status, as OpenAI words it.</summary>
    public static UpstreamBehavior Status(int status, string? code = null, string? retryAfter = null) => (http, _) =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers["x-request-id"] = "req-upstream";
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return http.Response.WriteAsJsonAsync(
            new JsonObject { ["error"] = new JsonObject { ["message"] = Secret, ["type"] = "some_error", ["code"] = code } },
            http.RequestAborted);
    };

    /// <summary>Answers 200 with these bytes.</summary>
    public static UpstreamBehavior Raw(string body, string contentType = "application/json") => (http, _) =>
    {
        http.Response.ContentType = contentType;
        return http.Response.WriteAsync(body, http.RequestAborted);
    };

    /// <summary>Sends the client elsewhere.</summary>
    public static UpstreamBehavior Redirect(string location) => (http, _) =>
    {
        http.Response.Redirect(location);
        return Task.CompletedTask;
    };

    /// <summary>Cuts the connection once the request is read.</summary>
    public static UpstreamBehavior ResetBeforeHeaders() => (http, _) =>
    {
        http.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Begins an answer and cuts the connection.</summary>
    public static UpstreamBehavior ResetMidBody() => async (http, _) =>
    {
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("{\"choices\":[", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    };

    /// <summary>Never answers.</summary>
    public static UpstreamBehavior Hang() => (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);

    /// <summary>Writes a body of so many bytes.</summary>
    public static UpstreamBehavior Huge(long bytes) => async (http, _) =>
    {
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)' ');
        for (var left = bytes; left > 0; left -= chunk.Length)
        {
            await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
        }
    };

    /// <summary>Writes one byte after another and comes to no end.</summary>
    public static UpstreamBehavior Drip() => async (http, _) =>
    {
        while (true)
        {
            await http.Response.WriteAsync(" ", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(50, http.RequestAborted);
        }
    };

    /// <summary>Begins a stream of events and writes each piece when it is given; the stream ends with the pieces.</summary>
    public static UpstreamBehavior Pieces(ChannelReader<string> pieces) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var piece in pieces.ReadAllAsync(http.RequestAborted))
        {
            await http.Response.WriteAsync(piece, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    };

    /// <summary>Announces chunks and sends what is none.</summary>
    public static UpstreamBehavior ChunkedGarbage() => async (http, _) =>
    {
        http.Response.Headers.TransferEncoding = "chunked";
        await http.Response.WriteAsync("5\r\nhello\r\nno size\r\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    };

    public static JsonObject Usage(int prompt, int completion, int cached = 0) => new()
    {
        ["prompt_tokens"] = prompt,
        ["completion_tokens"] = completion,
        ["total_tokens"] = prompt + completion,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached },
    };

    private static JsonObject AnswerTo(UpstreamRequest request, string text, JsonNode usage) =>
        request.Path.Split('/')[^1] switch
        {
            "completions" => Chat(request, text, usage),
            "embeddings" => Embeddings(request, usage),
            "generations" => new JsonObject
            {
                ["created"] = 1,
                ["data"] = new JsonArray(new JsonObject { ["b64_json"] = Pixel }),
                ["usage"] = usage,
            },
            var other => throw new InvalidOperationException($"The upstream knows no operation {other}."),
        };

    private static JsonObject Chat(UpstreamRequest request, string text, JsonNode usage) => new()
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = $"{request.Json["model"]}-2024-08-06",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
            ["finish_reason"] = "stop",
        }),
        ["usage"] = usage,
    };

    /// <summary>Two numbers a text: its place and its length.</summary>
    private static JsonObject Embeddings(UpstreamRequest request, JsonNode usage) => new()
    {
        ["object"] = "list",
        ["model"] = request.Json["model"]!.DeepClone(),
        ["data"] = new JsonArray([.. request.Json["input"]!.AsArray().Select((text, index) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = new JsonArray(
                double.Parse($"{index}.5", CultureInfo.InvariantCulture), text!.GetValue<string>().Length),
        }).Reverse()]),
        ["usage"] = usage,
    };
}
