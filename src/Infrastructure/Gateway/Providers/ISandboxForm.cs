using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>The form of an operation: where a request has what, and how an answer is written down.</summary>
internal interface ISandboxForm
{
    /// <summary>The fields that may limit the answer's tokens.</summary>
    IReadOnlyList<string> LimitFields { get; }

    /// <summary>What the caller wrote last.</summary>
    string PromptIn(JsonElement request);

    /// <summary>The answer in one.</summary>
    JsonObject Whole(SandboxText text);

    /// <summary>
    /// The answer as server-sent events. The request is gone once they are made: what is wanted of it is read before the first.
    /// </summary>
    IEnumerable<byte[]> Events(SandboxText text, JsonElement request);
}
