using System.Text.Json;
using AiPlatform.Application.Gateway.Relay;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>Tells which requests have one answer, which may be given again.</summary>
internal static class Determinism
{
    /// <summary>Fields that make an answer depend on more than the request: on a conversation, or on what the web says today.</summary>
    private static readonly string[] Outside = ["conversation", "background", "web_search_options", "mcp_servers", "container"];

    /// <summary>Types of tools that the caller runs, as JSON: every other is a provider's own look at the world.</summary>
    private static readonly string[] CallersTools = ["\"function\"", "\"custom\""];

    /// <summary>Whether a request has one answer: embeddings always, texts at temperature 0, images never.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, one JSON object.</param>
    public static bool Holds(RelayCommand request, ReadOnlyMemory<byte> body) => request.Operation switch
    {
        RelayedOperation.Embeddings => true,
        RelayedOperation.ImageGenerations => false,
        _ => !request.IsStream
            && request.Count == 1
            && IsZero(JsonMembers.Find(body, "temperature").Span)
            && Array.TrueForAll(Outside, name => JsonMembers.Find(body, name).IsEmpty)
            && AreCallers(JsonMembers.Find(body, "tools")),
    };

    /// <summary>Zero however it is written; 1e-400 is none, although a floating-point number would be.</summary>
    private static bool IsZero(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'-' or (byte)'0', ..])
        {
            return false;
        }

        var exponent = json.IndexOfAny((byte)'e', (byte)'E');
        return !(exponent < 0 ? json : json[..exponent]).ContainsAnyInRange((byte)'1', (byte)'9');
    }

    private static bool AreCallers(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty)
        {
            return true;
        }

        using var document = JsonDocument.Parse(tools, new JsonDocumentOptions { MaxDepth = JsonMembers.MaxDepth });
        return document.RootElement.ValueKind is JsonValueKind.Array && document.RootElement.EnumerateArray().All(IsCallers);
    }

    /// <summary>By the type as it is written, for an escape in it need not stand for a character.</summary>
    private static bool IsCallers(JsonElement tool) =>
        tool.ValueKind is JsonValueKind.Object
        && (!tool.TryGetProperty("type", out var type) || CallersTools.Contains(type.GetRawText(), StringComparer.Ordinal));
}
