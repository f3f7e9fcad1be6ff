using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>The ids of the calls in an answer. Some hosts leave them out, although the tool's result has to name its call.</summary>
internal static class ToolCallIds
{
    /// <summary>Writes the id of a call.</summary>
    /// <param name="target">Where to write.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="answer">The answer that the call is part of.</param>
    /// <param name="id">The provider's id; <see langword="null"/> where there is none.</param>
    /// <param name="index">The call's position in the answer.</param>
    public static void Write(Utf8JsonWriter target, string name, JsonElement answer, JsonElement? id, int index) =>
        target.WriteEscaped(name, default, id is { } given ? JsonText.Escaped(given) : Made(answer, index));

    /// <summary>An id for a call without one: the answer's, so that it is another in every turn, and the position.</summary>
    public static byte[] Made(JsonElement answer, int index) =>
        [.. "call_"u8, .. answer.Text("id") is { } id ? JsonText.Escaped(id) : default, .. Encoding.ASCII.GetBytes($"_{index}")];
}
