using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Shared;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>
/// Reads a field without ever failing on its type: a number where a string is due becomes
/// <see cref="Supplied{T}.Mistyped"/>, and the validator answers it in the words of the surface.
/// </summary>
internal sealed class SuppliedConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Supplied<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert.GenericTypeArguments[0] switch
        {
            var type when type == typeof(string) => new SuppliedConverter<string>(ReadText),
            var type when type == typeof(int) => new SuppliedConverter<int>(ReadInt),
            var type when type == typeof(long) => new SuppliedConverter<long>(ReadLong),
            var type when type == typeof(double) => new SuppliedConverter<double>(ReadDouble),
            var type when type == typeof(bool) => new SuppliedConverter<bool>(ReadBool),
            var type when type == typeof(IntegerOrText) => new SuppliedConverter<IntegerOrText>(ReadIntegerOrText),
            var type when type == typeof(IReadOnlyList<string>) => new SuppliedConverter<IReadOnlyList<string>>(ReadTexts),
            { IsGenericType: true } type when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
                (JsonConverter)Activator.CreateInstance(typeof(SuppliedListConverter<>).MakeGenericType(type.GenericTypeArguments))!,
            { IsClass: true } type => (JsonConverter)Activator.CreateInstance(typeof(SuppliedObjectConverter<>).MakeGenericType(type))!,
            var type => throw new NotSupportedException($"No converter reads a supplied {type.Name}."),
        };

    private static Supplied<string> ReadText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            return Supplied<string>.Mistyped;
        }

        try
        {
            // No database keeps NUL in a text, so it is not one.
            return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : Supplied<string>.Mistyped;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8.
            return Supplied<string>.Mistyped;
        }
    }

    private static Supplied<IReadOnlyList<string>> ReadTexts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return Supplied<IReadOnlyList<string>>.Mistyped;
        }

        var texts = new List<string>();
        var areTexts = true;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var text = ReadText(ref reader);
            reader.Skip();
            areTexts &= text.IsGiven;
            texts.Add(text.Or(string.Empty));
        }

        return areTexts ? Supplied<IReadOnlyList<string>>.Of(texts) : Supplied<IReadOnlyList<string>>.Mistyped;
    }

    private static Supplied<int> ReadInt(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : Supplied<int>.Mistyped;

    private static Supplied<long> ReadLong(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : Supplied<long>.Mistyped;

    private static Supplied<IntegerOrText> ReadIntegerOrText(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType is JsonTokenType.Number
            ? Encoding.UTF8.GetString(reader.ValueSpan)
            : ReadText(ref reader).Or(string.Empty);
        return IntegerOrText.Parse(text) is { } number ? number : Supplied<IntegerOrText>.Mistyped;
    }

    private static Supplied<double> ReadDouble(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : Supplied<double>.Mistyped;

    private static Supplied<bool> ReadBool(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => Supplied<bool>.Mistyped,
    };
}

/// <summary>Reads a list of objects, whose own fields are supplied ones; a list with anything else in it is of another type.</summary>
internal sealed class SuppliedListConverter<T> : JsonConverter<Supplied<IReadOnlyList<T>>>
    where T : class
{
    public override bool HandleNull => true;

    public override Supplied<IReadOnlyList<T>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return Supplied<IReadOnlyList<T>>.Null;
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return Supplied<IReadOnlyList<T>>.Mistyped;
        }

        var items = new List<T>();
        var areObjects = true;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                items.Add(JsonSerializer.Deserialize<T>(ref reader, options)!);
            }
            else
            {
                areObjects = false;
                reader.Skip();
            }
        }

        return areObjects ? Supplied<IReadOnlyList<T>>.Of(items) : Supplied<IReadOnlyList<T>>.Mistyped;
    }

    public override void Write(Utf8JsonWriter writer, Supplied<IReadOnlyList<T>> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A supplied field is only read.");
}

/// <summary>Reads an object, whose own fields are supplied ones.</summary>
internal sealed class SuppliedObjectConverter<T> : JsonConverter<Supplied<T>>
    where T : class
{
    public override bool HandleNull => true;

    public override Supplied<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            return JsonSerializer.Deserialize<T>(ref reader, options)!;
        }

        var isNull = reader.TokenType is JsonTokenType.Null;
        reader.Skip();
        return isNull ? Supplied<T>.Null : Supplied<T>.Mistyped;
    }

    public override void Write(Utf8JsonWriter writer, Supplied<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A supplied field is only read.");
}

/// <summary>Reads one value of the type, or says that it is of another.</summary>
internal delegate Supplied<T> ReadSupplied<T>(ref Utf8JsonReader reader);

internal sealed class SuppliedConverter<T>(ReadSupplied<T> read) : JsonConverter<Supplied<T>>
{
    public override bool HandleNull => true;

    public override Supplied<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return Supplied<T>.Null;
        }

        var supplied = read(ref reader);
        reader.Skip();
        return supplied;
    }

    public override void Write(Utf8JsonWriter writer, Supplied<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A supplied field is only read.");
}
