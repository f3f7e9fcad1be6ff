using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Where in a request a value stands, such as <c>messages[2].content[0]</c>. Up to three lists deep, and put into words only when
/// something is refused there, so that a request which is in order costs no text.
/// </summary>
/// <param name="List">The outermost list, or object; empty at the root.</param>
/// <param name="Index">The position in the list; negative for an object.</param>
/// <param name="Inner">The list within, relative to the first.</param>
/// <param name="InnerIndex">The position in that.</param>
/// <param name="Innermost">The list within the second.</param>
/// <param name="InnermostIndex">The position in that.</param>
internal readonly record struct Place(
    string List, int Index = -1, string? Inner = null, int InnerIndex = 0, string? Innermost = null, int InnermostIndex = 0)
{
    /// <summary>The request itself.</summary>
    public static readonly Place Root = new(string.Empty);

    /// <summary>An item of a list below this place.</summary>
    /// <param name="list">The list, relative to this place.</param>
    /// <param name="index">The item's position.</param>
    public Place At(string list, int index) => this switch
    {
        { List.Length: 0 } => new Place(list, index),
        { Inner: null } => this with { Inner = list, InnerIndex = index },
        _ => this with { Innermost = list, InnermostIndex = index },
    };

    /// <summary>The refusal of a field here.</summary>
    /// <param name="field">The field, relative to this place; empty for the place itself.</param>
    /// <param name="must">What is wrong with it, as the rest of a sentence.</param>
    public RefusedException Refuse(string field, string must)
    {
        var name = new StringBuilder();
        Append(name, List, Index);
        Append(name, Inner, InnerIndex);
        Append(name, Innermost, InnermostIndex);
        if (field.Length > 0)
        {
            name.Append(name.Length > 0 ? "." : string.Empty).Append(field);
        }

        return new RefusedException(RelayErrors.Untranslatable(name.ToString(), must));
    }

    private static void Append(StringBuilder name, string? list, int index)
    {
        if (string.IsNullOrEmpty(list))
        {
            return;
        }

        name.Append(name.Length > 0 ? "." : string.Empty).Append(list);
        if (index >= 0)
        {
            name.Append('[').Append(index).Append(']');
        }
    }
}

/// <summary>Reads the fields of a request that a translation needs. An absent field and <c>null</c> are the same.</summary>
internal static class RequestFields
{
    /// <summary>A field of any type.</summary>
    public static JsonElement? Optional(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>A field of one type.</summary>
    public static JsonElement? Optional(this JsonElement owner, string name, JsonValueKind kind, in Place place) =>
        owner.Optional(name) is not { } value ? null
        : value.ValueKind == kind ? value
        : throw place.Refuse(name, $"must be {Article(kind)}");

    /// <summary>A field that has to be there.</summary>
    public static JsonElement Required(this JsonElement owner, string name, JsonValueKind kind, in Place place) =>
        owner.Optional(name, kind, place) ?? throw place.Refuse(name, $"must be {Article(kind)}");

    /// <summary>An item of a list, which has to be an object.</summary>
    public static JsonElement AsObject(this JsonElement item, in Place place) =>
        item.ValueKind is JsonValueKind.Object ? item : throw place.Refuse(string.Empty, "must be an object");

    /// <summary>A yes or no; <see langword="null"/> where it is left open.</summary>
    public static bool? Flag(this JsonElement owner, string name, in Place place) => owner.Optional(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw place.Refuse(name, "must be true or false"),
    };

    /// <summary>Copies a field as it is, under its own or another name.</summary>
    public static void Copy(
        this Utf8JsonWriter target, JsonElement owner, string name, JsonValueKind kind, in Place place, string? to = null)
    {
        if (owner.Optional(name, kind, place) is { } value)
        {
            target.WriteAsIs(to ?? name, value);
        }
    }

    /// <summary>Copies a field that is true or false, where it is there.</summary>
    public static void CopyFlag(this Utf8JsonWriter target, JsonElement owner, string name, in Place place)
    {
        if (owner.Flag(name, place) is { } value)
        {
            target.WriteBoolean(name, value);
        }
    }

    private static string Article(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
