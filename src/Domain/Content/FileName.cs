using System.Globalization;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Content;

/// <summary>The name of an uploaded file: for display only, never part of a path.</summary>
public sealed record FileName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 255;

    private const int MaxExtensionLength = 10;

    private FileName(string value)
    {
        Value = value;
    }

    /// <summary>The name without any path, 1 to <see cref="MaxLength"/> characters.</summary>
    public string Value { get; }

    /// <summary>
    /// The extension with its dot, lower-case, when it is 1 to 10 ASCII letters or digits; else empty. Only this much of
    /// what the client wrote reaches the name of a blob.
    /// </summary>
    public string SafeExtension
    {
        get
        {
            var dot = Value.LastIndexOf('.');
            var extension = dot < 0 ? string.Empty : Value[(dot + 1)..];
            return extension.Length is > 0 and <= MaxExtensionLength && extension.All(char.IsAsciiLetterOrDigit)
                ? "." + extension.ToLowerInvariant()
                : string.Empty;
        }
    }

    /// <summary>Takes the last segment of what the client sent, whichever slash it uses.</summary>
    /// <param name="sent">The name as sent; some browsers send a whole path.</param>
    /// <exception cref="RefusedException">
    /// Nothing is left, it is too long, or it holds control characters, marks that reorder text (which can disguise an
    /// extension), or broken Unicode.
    /// </exception>
    public static FileName Of(string sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        var name = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (name.Length == 0 || name.All(character => character == '.') || sent.EnumerateRunes().Any(IsForbidden))
        {
            throw new RefusedException(FileErrors.InvalidName);
        }

        return name.Length <= MaxLength ? new FileName(name) : throw new RefusedException(FileErrors.NameTooLong);
    }

    /// <summary>A name that was accepted before.</summary>
    /// <param name="value">The stored value.</param>
    internal static FileName Accepted(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Enumerating runes yields U+FFFD for a lone surrogate, and readers of UTF-8 put it in the place of a broken sequence.
    private static bool IsForbidden(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0xFFFD or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
