using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AiPlatform.Application.Shared;

/// <summary>Turns what a call carried into text that may be kept: secrets redacted, sizes capped.</summary>
public static class AuditText
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Redacted = "[REDACTED]";

    private const string Unreadable = "[UNREADABLE]";

    private static readonly string[] SecretSuffixes =
    [
        "password", "passwords", "passwd", "passphrase", "secret", "secrets", "token", "apikey", "apikeys", "authorization", "cookie",
        "cookies", "credential", "credentials", "signature", "connectionstring", "fileurl", "imageurl", "signedurl", "bearer", "jwt",
        "privatekey", "secretkey", "accesskey", "accountkey", "masterkey", "adminkey", "signingkey", "encryptionkey", "sharedkey",
        "subscriptionkey",
    ];

    private static readonly string[] SecretNames = ["key", "sig", "sas", "pin", "otp", "pwd"];

    // Every member of every body is held against these, so each only against those that end like it.
    private static readonly string[][] SuffixesByEnd = ByLastLetter(SecretSuffixes);

    // An answer in another form than its provider's may be deeper than anything that is read.
    private const int MaxDepth = 256;

    // Three bytes are the most that UTF-8 spends on a character of .NET's texts.
    private const int MostBytesOfACharacter = 3;

    [ThreadStatic]
    private static JsonScratch? _written;

    [ThreadStatic]
    private static JsonScratch? _kept;

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether the value of a member of this name is a secret, whatever its spelling (<c>api_key</c>, <c>Api-Key</c>, <c>apiKey</c>).</summary>
    /// <param name="name">The member's name, in UTF-8.</param>
    public static bool IsSecret(ReadOnlySpan<byte> name)
    {
        Span<char> letters = name.Length <= 128 ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit((char)letter))
            {
                letters[length++] = char.ToLowerInvariant((char)letter);
            }
        }

        var plain = letters[..length];
        return length > 0 && (IsAny(SecretNames, plain) || EndsInAny(SuffixesByEnd[plain[^1]], plain));
    }

    /// <summary>
    /// Cuts a text to <paramref name="limit"/> characters and drops what no database keeps: NUL, and half a surrogate pair.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The most characters kept.</param>
    public static string? Cut(string? text, int limit)
    {
        if (text is null)
        {
            return null;
        }

        var clean = text.Replace("\0", string.Empty, StringComparison.Ordinal);
        if (clean.Length > limit)
        {
            clean = clean[..(char.IsHighSurrogate(clean[limit - 1]) ? limit - 1 : limit)];
        }

        // Encoding puts U+FFFD in the place of a half.
        return clean.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)) : clean;
    }

    /// <summary>An answer as JSON with its secrets redacted.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="limit">The most characters kept.</param>
    public static string? Redact(object answer, int limit)
    {
        var written = _written ??= new JsonScratch();
        JsonSerializer.Serialize(written.Start(), answer, answer.GetType(), Wire);
        return Copy(written.End(), limit);
    }

    /// <summary>Some headers as a JSON object.</summary>
    /// <param name="headers">Names and values.</param>
    public static string Members(IReadOnlyList<(string Name, string Value)> headers)
    {
        var written = _written ??= new JsonScratch();
        var writer = written.Start();
        writer.WriteStartObject();
        foreach (var (name, value) in headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        return Encoding.UTF8.GetString(written.End());
    }

    /// <summary>JSON with its secrets redacted at any depth; <see langword="null"/> for an empty text.</summary>
    /// <param name="json">A JSON value.</param>
    /// <param name="limit">The most characters kept.</param>
    public static string? Redact(ReadOnlyMemory<byte> json, int limit) => json.IsEmpty ? null : Copy(json.Span, limit);

    private static string? Copy(ReadOnlySpan<byte> json, int limit)
    {
        var kept = _kept ??= new JsonScratch();
        var writer = kept.Start();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });

        // No character takes more bytes than the factor says: what is written beyond it would be cut anyway.
        while (reader.Read() && writer.BytesCommitted + writer.BytesPending <= (long)limit * MostBytesOfACharacter)
        {
            Copy(ref reader, writer, limit);
        }

        return Start(kept.End(), limit);
    }

    /// <summary>The first characters of a text that the writer made: there is neither NUL nor half a pair in it.</summary>
    private static string Start(ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
        {
            return Encoding.UTF8.GetString(text);
        }

        var characters = ArrayPool<char>.Shared.Rent(limit);
        try
        {
            // A pair that would not fit whole is left out whole.
            Utf8.ToUtf16(text, characters.AsSpan(0, limit), out _, out var length);
            return new string(characters, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static string[][] ByLastLetter(string[] suffixes)
    {
        var byEnd = new string[128][];
        for (var letter = '\0'; letter < byEnd.Length; letter++)
        {
            byEnd[letter] = [.. suffixes.Where(suffix => suffix[^1] == letter)];
        }

        return byEnd;
    }

    private static bool IsAny(string[] names, ReadOnlySpan<char> plain)
    {
        foreach (var name in names)
        {
            if (plain.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsInAny(string[] suffixes, ReadOnlySpan<char> plain)
    {
        foreach (var suffix in suffixes)
        {
            if (plain.EndsWith(suffix))
            {
                return true;
            }
        }

        return false;
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, int limit)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                CopyName(ref reader, writer, limit);
                break;
            case JsonTokenType.String when IsPlain(reader):
                writer.WriteStringValue(BytesOf(reader.ValueSpan, limit));
                break;
            case JsonTokenType.String:
                CopyEscaped(ref reader, writer, limit);
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    /// <summary>Copies a member's name, and what hides its value where it is a secret.</summary>
    private static void CopyName(ref Utf8JsonReader reader, Utf8JsonWriter writer, int limit)
    {
        bool isSecret;
        if (IsPlain(reader))
        {
            writer.WritePropertyName(reader.ValueSpan);
            isSecret = IsSecret(reader.ValueSpan);
        }
        else
        {
            // What cannot be read may be a secret's name.
            var name = TextOf(ref reader);
            writer.WritePropertyName(name ?? Unreadable);
            isSecret = name is null || IsSecret(Encoding.UTF8.GetBytes(name));
        }

        if (!isSecret)
        {
            return;
        }

        reader.Read();
        if (reader.TokenType is JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False)
        {
            Copy(ref reader, writer, limit);
        }
        else
        {
            reader.Skip();
            writer.WriteStringValue(Redacted);
        }
    }

    /// <summary>The bytes of a text's first characters: what comes after them is cut in the end, and need not be copied first.</summary>
    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> text, int characters)
    {
        var end = characters * MostBytesOfACharacter;
        if (text.Length <= end)
        {
            return text;
        }

        while (end < text.Length && (text[end] & 0b1100_0000) == 0b1000_0000)
        {
            end++;
        }

        return text[..end];
    }

    private static ReadOnlySpan<char> CharactersOf(ReadOnlySpan<char> text, int characters) =>
        text.Length <= characters ? text : text[..(char.IsHighSurrogate(text[characters - 1]) ? characters + 1 : characters)];

    /// <summary>Copies a text whose characters are written in another way than they would be here.</summary>
    private static void CopyEscaped(ref Utf8JsonReader reader, Utf8JsonWriter writer, int limit)
    {
        // No escape is shorter than what it stands for.
        var characters = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var length = reader.CopyString(characters);
            writer.WriteStringValue(CharactersOf(characters.AsSpan(0, length), limit));
        }
        catch (InvalidOperationException)
        {
            writer.WriteStringValue(Unreadable);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <summary>Whether a text can be copied byte by byte.</summary>
    private static bool IsPlain(in Utf8JsonReader reader) => !reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan);

    /// <summary>A text; <see langword="null"/> for half a surrogate pair, which is valid JSON and no text.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
