using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>The fields of a request that its response repeats, as OpenAI's clients expect; where one is absent, its default.</summary>
internal sealed class ResponseEcho
{
    /// <summary>The echo of a request that leaves everything open.</summary>
    public static readonly ResponseEcho Empty = new([]);

    private static readonly (string Name, string Default)[] Fields =
    [
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("metadata", "{}"),
        ("parallel_tool_calls", "true"),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("temperature", "1"),
        ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_p", "1"),
        ("user", "null"),
    ];

    private readonly Dictionary<string, byte[]> _given;

    private ResponseEcho(Dictionary<string, byte[]> given)
    {
        _given = given;
    }

    /// <summary>What the response to a request repeats.</summary>
    public static ResponseEcho Of(JsonElement request)
    {
        var given = new Dictionary<string, byte[]>();
        foreach (var (name, _) in Fields)
        {
            if (request.Optional(name) is { } value)
            {
                given.Add(name, JsonText.OnOneLine(value));
            }
        }

        return new ResponseEcho(given);
    }

    /// <summary>Writes the fields, and those that are the same in every response.</summary>
    public void Write(Utf8JsonWriter target)
    {
        target.WriteBoolean("background", false);
        foreach (var (name, otherwise) in Fields)
        {
            target.WritePropertyName(name);
            var bytes = _given.TryGetValue(name, out var value) ? value : Encoding.ASCII.GetBytes(otherwise);
            target.WriteRawValue(bytes, skipInputValidation: true);
        }

        target.WriteNull("previous_response_id");
        target.WriteBoolean("store", false);
        target.WriteString("truncation", "disabled");
    }
}
