using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Carries JSON from one document into another as the bytes that it is written in. A string is never decoded on its way, which
/// costs nothing and lets half of a surrogate pair (a stream may cut between the two) arrive as it was sent.
/// </summary>
internal static class JsonText
{
    /// <summary>The member that holds arguments which are no JSON object.</summary>
    private static ReadOnlySpan<byte> InvalidArguments => "INVALID_JSON"u8;

    /// <summary>Copies a value of any kind.</summary>
    public static void WriteAsIs(this Utf8JsonWriter target, string name, JsonElement value)
    {
        target.WritePropertyName(name);
        target.WriteAsIs(value);
    }

    /// <summary>Copies a value of any kind.</summary>
    public static void WriteAsIs(this Utf8JsonWriter target, JsonElement value) =>
        target.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>What stands between a string's quotation marks, still escaped.</summary>
    public static ReadOnlySpan<byte> Escaped(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    /// <summary>Writes a string in two parts, both of which are escaped already.</summary>
    public static void WriteEscaped(this Utf8JsonWriter target, string name, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> escaped)
    {
        target.WritePropertyName(name);
        var length = prefix.Length + escaped.Length + 2;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        rented[0] = (byte)'"';
        prefix.CopyTo(rented.AsSpan(1));
        escaped.CopyTo(rented.AsSpan(1 + prefix.Length));
        rented[length - 1] = (byte)'"';
        target.WriteRawValue(rented.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Whether nothing is to be seen of a string: Anthropic's API refuses such a text.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> escaped)
    {
        while (!escaped.IsEmpty)
        {
            var taken = escaped[0] is (byte)' ' ? 1
                : escaped.Length > 1 && escaped[0] is (byte)'\\' && escaped[1] is (byte)'n' or (byte)'r' or (byte)'t' ? 2
                : 0;
            if (taken is 0)
            {
                return false;
            }

            escaped = escaped[taken..];
        }

        return true;
    }

    /// <summary>A value as JSON that needs no second line, for an event's data. A line break stands only between JSON's tokens.</summary>
    public static byte[] OnOneLine(JsonElement value)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(value).ToArray();
        bytes.AsSpan().Replace((byte)'\n', (byte)' ');
        bytes.AsSpan().Replace((byte)'\r', (byte)' ');
        return bytes;
    }

    /// <summary>
    /// Writes a call's arguments, which chat completions carry as JSON within a string, as the object that they are. A model may
    /// write something else: that becomes an object with the text as its only member, so that whoever runs the tool can answer
    /// that it does not fit, and the model mend it.
    /// </summary>
    /// <param name="target">Where to write.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="arguments">The string; <see langword="null"/> where there is none.</param>
    public static void WriteArguments(this Utf8JsonWriter target, string name, JsonElement? arguments)
    {
        target.WritePropertyName(name);
        if (arguments is not { } text || IsBlank(Escaped(text)))
        {
            target.WriteRawValue("{}"u8, skipInputValidation: true);
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(text);
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        if (Unescape(raw, rented) is { } length && IsObject(rented.AsSpan(0, length)))
        {
            target.WriteRawValue(rented.AsSpan(0, length), skipInputValidation: true);
        }
        else
        {
            target.WriteStartObject();
            target.WritePropertyName(InvalidArguments);
            target.WriteAsIs(text);
            target.WriteEndObject();
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes an object as text within a string; no object becomes an empty one.</summary>
    public static void WriteAsString(this Utf8JsonWriter target, string name, JsonElement? value) =>
        target.WriteString(name, value is { } json ? JsonMarshal.GetRawUtf8Value(json) : "{}"u8);

    private static int? Unescape(ReadOnlySpan<byte> quoted, Span<byte> target)
    {
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            return reader.CopyString(target);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                // Reading to the end is the check.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A string that is written together from parts of other strings, all of them still escaped.</summary>
internal sealed class JoinedText
{
    /// <summary>The most bytes that one holds: as much as a whole request may have.</summary>
    public const int Longest = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _escaped = new();

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _escaped.WrittenCount is 0;

    /// <summary>What is in it.</summary>
    public ReadOnlySpan<byte> Escaped => _escaped.WrittenSpan;

    /// <summary>Adds to the end.</summary>
    /// <exception cref="FormatException">It would become longer than <see cref="Longest"/>.</exception>
    public void Append(ReadOnlySpan<byte> escaped)
    {
        if (escaped.Length > Longest - _escaped.WrittenCount)
        {
            throw new FormatException("A text of the answer is too long.");
        }

        _escaped.Write(escaped);
    }

    /// <summary>Adds as a paragraph of its own.</summary>
    public void AppendParagraph(ReadOnlySpan<byte> escaped)
    {
        if (!IsEmpty)
        {
            Append(@"\n\n"u8);
        }

        Append(escaped);
    }

    /// <summary>Adds as a paragraph of its own.</summary>
    public void AppendParagraph(JsonElement text) => AppendParagraph(JsonText.Escaped(text));
}
