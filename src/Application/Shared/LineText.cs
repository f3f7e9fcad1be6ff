namespace AiPlatform.Application.Shared;

/// <summary>Lines of text that people write, and others read.</summary>
internal static class LineText
{
    /// <summary>Whether a field carries one line that shows something: no control characters, and none that turn or hide the rest.</summary>
    public static bool IsLine(Supplied<string> field, int limit) =>
        field.IsGiven && field.Value.Length <= limit && !string.IsNullOrWhiteSpace(field.Value) && !field.Value.Any(IsDeceptive);

    /// <summary>Control characters, and those that change the direction of the text or have no width (Unicode TR 36).</summary>
    public static bool IsDeceptive(char character) =>
        char.IsControl(character)
        || character is >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2060' and <= '\u2069' or '\uFEFF';
}
