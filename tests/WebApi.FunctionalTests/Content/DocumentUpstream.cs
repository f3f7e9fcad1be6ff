using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>A provider whose vectors know one thing: that a vacation is a holiday.</summary>
internal static class DocumentUpstream
{
    public static UpstreamBehavior Behavior { get; } = (http, request) =>
        request.Path.EndsWith("/embeddings", StringComparison.Ordinal)
            ? http.Response.WriteAsJsonAsync(Embeddings(request), http.RequestAborted)
            : Upstream.Ok("Twenty-one days.")(http, request);

    /// <summary>As <see cref="Behavior"/>, but it makes no vectors any more.</summary>
    public static UpstreamBehavior WithoutEmbeddings { get; } = (http, request) =>
        request.Path.EndsWith("/embeddings", StringComparison.Ordinal)
            ? Upstream.Status(400)(http, request)
            : Upstream.Ok("Twenty-one days.")(http, request);

    private static JsonObject Embeddings(UpstreamRequest request) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. request.Json["input"]!.AsArray().Select((text, index) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = IsAboutHolidays(text!.GetValue<string>()) ? new JsonArray(1.0, 0.1) : new JsonArray(0.1, 1.0),
        })]),
        ["usage"] = Upstream.Usage(3, 0),
    };

    private static bool IsAboutHolidays(string text) =>
        text.Contains("holiday", StringComparison.OrdinalIgnoreCase) || text.Contains("vacation", StringComparison.OrdinalIgnoreCase);
}
