using System.Buffers;
using System.Text;
using System.Text.Json;

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

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether the value of a member of this name is a secret, whatever its spelling (<c>api_key</c>, <c>Api-Key</c>, <c>apiKey</c>).</summary>
    /// <param name="name">The member's name.</param>
    public static bool IsSecret(string name)
    {
        Span<char> letters = name.Length <= 128 ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                letters[length++] = char.ToLowerInvariant(letter);
            }
        }

        var plain = letters[..length];
        return length > 0 && (IsAny(SecretNames, plain) || EndsInAny(SecretSuffixes, plain));
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
    public static string? Redact(object answer, int limit) =>
        Redact(JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), Wire), limit);

    /// <summary>JSON with its secrets redacted at any depth; <see langword="null"/> for an empty text.</summary>
    /// <param name="json">A JSON value.</param>
    /// <param name="limit">The most characters kept.</param>
    public static string? Redact(ReadOnlyMemory<byte> json, int limit)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length + Redacted.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Copy(document.RootElement, writer);
        }

        return Cut(Encoding.UTF8.GetString(buffer.WrittenSpan), limit);
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

    private static void Copy(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    CopyMember(member, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Copy(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                CopyText(element, writer);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void CopyMember(JsonProperty member, Utf8JsonWriter writer)
    {
        // What cannot be read may be a secret's name.
        var name = NameOf(member);
        writer.WritePropertyName(name ?? Unreadable);
        if ((name is null || IsSecret(name)) && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
        {
            writer.WriteStringValue(Redacted);
        }
        else
        {
            Copy(member.Value, writer);
        }
    }

    private static void CopyText(JsonElement text, Utf8JsonWriter writer)
    {
        try
        {
            writer.WriteStringValue(text.GetString());
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is valid JSON and no text.
            writer.WriteStringValue(Unreadable);
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
