using System.Globalization;

namespace AiPlatform.Application.Shared;

/// <summary>
/// A whole number that a client may also write as text (<c>5</c> or <c>"5"</c>), where a surface has always read both.
/// </summary>
/// <param name="Value">The number; what lies beyond <see langword="long"/> is the nearest one, so that a range check answers it.</param>
public readonly record struct IntegerOrText(long Value)
{
    /// <summary>Reads digits with an optional sign; blanks around them do not matter.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number; <see langword="null"/> where the text is none, or has a fraction or an exponent.</returns>
    public static IntegerOrText? Parse(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return new IntegerOrText(value);
        }

        var digits = trimmed is ['-' or '+', ..] ? trimmed[1..] : trimmed;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return new IntegerOrText(trimmed[0] is '-' ? long.MinValue : long.MaxValue);
    }
}
