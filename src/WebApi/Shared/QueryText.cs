using System.Globalization;
using AiPlatform.Application.Shared;

namespace AiPlatform.WebApi.Shared;

/// <summary>
/// Reads values of the query without ever failing on them: what is of another type is
/// <see cref="Supplied{T}.Mistyped"/>, and the validator answers it. An empty value counts as none.
/// </summary>
internal static class QueryText
{
    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>A text; one with control characters is none, as no database keeps NUL.</summary>
    public static Supplied<string> Text(string? value) =>
        Read(value, text => text.Any(char.IsControl) ? Supplied<string>.Mistyped : text);

    /// <summary>A whole number in digits.</summary>
    public static Supplied<int> Integer(string? value) => Read(
        value,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Supplied<int>.Mistyped);

    /// <summary>A whole number in digits, of 64 bits.</summary>
    public static Supplied<long> Long(string? value) => Read(
        value,
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Supplied<long>.Mistyped);

    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    public static Supplied<bool> Flag(string? value) =>
        Read(value, text => bool.TryParse(text, out var flag) ? flag : Supplied<bool>.Mistyped);

    /// <summary>What a reader makes of a text.</summary>
    public static Supplied<T> Parsed<T>(string? value, Func<string, T?> parse)
        where T : struct =>
        Read(value, text => parse(text) is { } parsed ? parsed : Supplied<T>.Mistyped);

    /// <summary>A UUID with hyphens.</summary>
    public static Supplied<Guid> Uuid(string? value) =>
        Read(value, text => Guid.TryParseExact(text, "D", out var id) ? id : Supplied<Guid>.Mistyped);

    /// <summary>An ISO 8601 date.</summary>
    public static Supplied<DateOnly> Day(string? value) => Read(
        value,
        text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : Supplied<DateOnly>.Mistyped);

    /// <summary>An ISO 8601 date or time; UTC where it names no offset.</summary>
    public static Supplied<DateTimeOffset> Instant(string? value) => Read(
        value,
        text => DateTimeOffset.TryParseExact(
            text,
            InstantFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant)
            ? instant
            : Supplied<DateTimeOffset>.Mistyped);

    private static Supplied<T> Read<T>(string? value, Func<string, Supplied<T>> read) =>
        string.IsNullOrEmpty(value) ? default : read(value);
}
