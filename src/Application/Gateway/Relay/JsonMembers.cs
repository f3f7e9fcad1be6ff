using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>A member of a JSON object with its value's JSON.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Json">The value; empty to leave the member out.</param>
internal readonly record struct JsonMember(string Name, ReadOnlyMemory<byte> Json);

/// <summary>Changes single members of a JSON object and leaves every other byte as it is.</summary>
internal static class JsonMembers
{
    /// <summary>Deepest nesting that is read, of what clients and providers send.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// Deepest nesting of what a translation makes of that: arguments of a call, JSON within a string in one form, are JSON of their own
    /// in another, and a schema may come to lie some levels deeper.
    /// </summary>
    public const int MaxTranslatedDepth = 3 * MaxDepth;

    /// <summary>Sets members: in their place where they are there, at the end where they are not.</summary>
    /// <param name="json">One JSON object, as it was sent or as it was translated.</param>
    /// <param name="changes">The members.</param>
    /// <returns>Memory of its own.</returns>
    public static ReadOnlyMemory<byte> Set(ReadOnlyMemory<byte> json, params ReadOnlySpan<JsonMember> changes) => Edit(json, changes).ToArray();

    /// <summary>Sets members as <see cref="Set"/> does, and copies nothing of what stays as it is.</summary>
    /// <param name="json">One JSON object, as it was sent or as it was translated.</param>
    /// <param name="changes">The members.</param>
    /// <returns>What holds as long as <paramref name="json"/> does.</returns>
    public static ReadOnlySequence<byte> Edit(ReadOnlyMemory<byte> json, params ReadOnlySpan<JsonMember> changes)
    {
        var edit = new JsonEdit(json);
        Span<bool> done = stackalloc bool[changes.Length];
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxTranslatedDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var change = IndexOf(in reader, changes);
            reader.Read();
            reader.Skip();
            if (change < 0)
            {
                edit.Keep(start, (int)reader.BytesConsumed);
            }
            else
            {
                edit.Replace(start, (int)reader.BytesConsumed, done[change] ? default : changes[change]);
                done[change] = true;
            }
        }

        edit.Close((int)reader.TokenStartIndex);
        for (var index = 0; index < changes.Length; index++)
        {
            if (!done[index])
            {
                edit.Append(changes[index]);
            }
        }

        return edit.End();
    }

    /// <summary>The value of a member as it stands in the text; empty where there is none, or the text is no object.</summary>
    /// <param name="json">One JSON value, as it was sent or as it was translated, or nothing.</param>
    /// <param name="name">The member's name.</param>
    public static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxTranslatedDepth });
        if (json.IsEmpty || !reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return default;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isFound = IsNamed(in reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isFound)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return default;
    }

    /// <summary>The first member that has none of some names, as its name is written; <see langword="null"/> where each has one.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="names">The names.</param>
    public static string? FirstOtherThan(ReadOnlyMemory<byte> json, ReadOnlySpan<string> names)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!IsAnyOf(in reader, names))
            {
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>Whether a member has a name, however that is escaped.</summary>
    /// <param name="member">A reader on the name of a member.</param>
    /// <param name="name">The name.</param>
    public static bool IsNamed(in Utf8JsonReader member, string name)
    {
        try
        {
            return member.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no name.
            return false;
        }
    }

    private static bool IsAnyOf(in Utf8JsonReader member, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IsNamed(in member, name))
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexOf(in Utf8JsonReader name, ReadOnlySpan<JsonMember> changes)
    {
        for (var index = 0; index < changes.Length; index++)
        {
            if (IsNamed(in name, changes[index].Name))
            {
                return index;
            }
        }

        return -1;
    }
}
