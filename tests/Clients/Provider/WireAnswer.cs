using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>An event of a stream, as its format words it.</summary>
/// <param name="Name">The event's name; <see langword="null"/> in formats that do not name them.</param>
/// <param name="Data">What it says.</param>
internal sealed record StreamEvent(string? Name, JsonObject Data)
{
    /// <summary>The text that it delivers; <see langword="null"/> where it delivers none.</summary>
    public string? Piece { get; init; }

    /// <summary>The usage that it states; <see langword="null"/> where it states none.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>An answer, worded in a vendor's format.</summary>
/// <param name="Usage">What a whole answer states; <see langword="null"/> where it states none.</param>
/// <param name="Body">Words the whole answer.</param>
/// <param name="Events">The stream; empty where the operation has none.</param>
/// <param name="EndsWithDone">Whether <c>[DONE]</c> closes the stream.</param>
internal sealed record WireAnswer(TokenUsage? Usage, Func<JsonObject> Body, IEnumerable<StreamEvent> Events, bool EndsWithDone)
{
    /// <summary>The text of a whole answer; empty where it is no text.</summary>
    public string Text { get; init; } = string.Empty;
}
