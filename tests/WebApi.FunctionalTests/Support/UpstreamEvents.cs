using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Streams of events as OpenAI sends them.</summary>
public static class UpstreamEvents
{
    /// <summary>Streams these texts, one a chunk, then the usage if it is asked for, then the end.</summary>
    public static UpstreamBehavior Ok(JsonObject usage, params string[] texts) => async (http, request) =>
    {
        await SendAsync(http, texts.Select(Chunk));
        var last = new JsonObject { ["id"] = "chatcmpl-1", ["choices"] = new JsonArray(Choice(new JsonObject(), "stop")) };
        await SendAsync(http, [last.ToJsonString()]);
        if (request.Json["stream_options"]?["include_usage"]?.GetValue<bool>() is true)
        {
            await SendAsync(http, [new JsonObject { ["choices"] = new JsonArray(), ["usage"] = usage.DeepClone() }.ToJsonString()]);
        }

        await SendAsync(http, ["[DONE]"]);
    };

    /// <summary>Streams these texts and cuts the connection.</summary>
    public static UpstreamBehavior Cut(params string[] texts) => async (http, _) =>
    {
        await SendAsync(http, texts.Select(Chunk));

        // A reset takes what is still on its way with it; nothing is asserted about how long this takes.
        await Task.Delay(texts.Length == 0 ? 0 : 500, http.RequestAborted);
        http.Abort();
    };

    /// <summary>Streams these texts and then no more, until the client leaves.</summary>
    public static UpstreamBehavior Pause(params string[] texts) => async (http, _) =>
    {
        await SendAsync(http, texts.Select(Chunk));
        await Task.Delay(Timeout.Infinite, http.RequestAborted);
    };

    /// <summary>Streams these data as they are.</summary>
    public static UpstreamBehavior Raw(params string[] data) => (http, _) => SendAsync(http, data);

    /// <summary>A chunk of a chat as OpenAI sends it.</summary>
    public static string Chunk(string text) => new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["choices"] = new JsonArray(Choice(new JsonObject { ["content"] = text }, null)),
        ["unknown"] = 1,
    }.ToJsonString();

    private static JsonObject Choice(JsonObject delta, string? finish) => new() { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish };

    private static async Task SendAsync(HttpContext http, IEnumerable<string> data)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "text/event-stream";
        }

        foreach (var one in data)
        {
            await http.Response.WriteAsync($"data: {one}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}
