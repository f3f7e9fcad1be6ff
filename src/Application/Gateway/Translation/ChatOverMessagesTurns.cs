using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Words the messages of a chat as turns of user and assistant, one after the other: messages of the same side, such as the
/// results of several tools, become one turn. A turn in which nothing is said is left out, as Anthropic's API refuses it.
/// </summary>
internal static class ChatOverMessagesTurns
{
    private enum Side
    {
        None,
        User,
        Assistant,
    }

    public static void Write(JsonElement messages, Utf8JsonWriter target)
    {
        target.WriteStartArray("messages");
        var side = Side.None;
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var place = Place.Root.At("messages", at++);
            switch (message.Required("role", JsonValueKind.String, place).GetString())
            {
                case "system" or "developer":
                    break;
                case "user":
                    WriteContent(message, place, Side.User, ref side, target);
                    break;
                case "assistant":
                    WriteContent(message, place, Side.Assistant, ref side, target);
                    WriteToolCalls(message, place, ref side, target);
                    break;
                case "tool":
                    WriteToolResult(message, place, ref side, target);
                    break;
                default:
                    throw place.Refuse("role", "must be 'system', 'developer', 'user', 'assistant' or 'tool'");
            }
        }

        if (side is not Side.None)
        {
            EndTurn(target);
        }

        target.WriteEndArray();
    }

    /// <summary>Adds the text of a message that may hold nothing else.</summary>
    public static void AppendTexts(JsonElement message, in Place place, JoinedText texts)
    {
        if (message.Optional("content") is not { ValueKind: JsonValueKind.Array } parts)
        {
            texts.AppendParagraph(message.Optional("content") is { ValueKind: JsonValueKind.String } text ? text : throw NoContent(place));
            return;
        }

        var at = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var where = place.At("content", at++);
            if (!part.AsObject(where).Is("type", "text"))
            {
                throw where.Refuse("type", "must be 'text'");
            }

            texts.AppendParagraph(part.Required("text", JsonValueKind.String, where));
        }
    }

    private static void WriteContent(JsonElement message, in Place place, Side speaker, ref Side side, Utf8JsonWriter target)
    {
        if (message.Optional("content") is not { } content)
        {
            if (speaker is Side.User)
            {
                throw NoContent(place);
            }

            if (message.Words("refusal") is { } refusal)
            {
                WriteText(refusal, speaker, ref side, target);
            }
        }
        else if (content.ValueKind is JsonValueKind.String)
        {
            WriteText(content, speaker, ref side, target);
        }
        else if (content.ValueKind is JsonValueKind.Array)
        {
            var at = 0;
            foreach (var part in content.EnumerateArray())
            {
                WritePart(part, place.At("content", at++), speaker, ref side, target);
            }
        }
        else
        {
            throw NoContent(place);
        }
    }

    private static void WritePart(JsonElement part, in Place place, Side speaker, ref Side side, Utf8JsonWriter target)
    {
        var type = part.AsObject(place).Required("type", JsonValueKind.String, place).GetString();
        switch (type)
        {
            case "text" or "refusal":
                WriteText(part.Required(type, JsonValueKind.String, place), speaker, ref side, target);
                break;
            case "image_url":
                var url = part.Member("image_url", JsonValueKind.Object)?.Text("url")
                    ?? throw place.Refuse("image_url.url", "must be a string");
                BeginBlock("image", speaker, ref side, target);
                WriteSource(url, "image_url.url", place, target);
                target.WriteEndObject();
                break;
            case "file":
                var data = part.Member("file", JsonValueKind.Object)?.Text("file_data")
                    ?? throw place.Refuse("file.file_data", "must be a data: URL in base64 for this model");
                BeginBlock("document", speaker, ref side, target);
                WriteSource(data, "file.file_data", place, target);
                target.WriteEndObject();
                break;
            default:
                throw place.Refuse("type", "must be 'text', 'image_url' or 'file' for this model");
        }
    }

    private static void WriteSource(JsonElement url, string field, in Place place, Utf8JsonWriter target)
    {
        var escaped = JsonText.Escaped(url);
        target.WriteStartObject("source");
        if (escaped.StartsWith("data:"u8) && escaped.IndexOf(";base64,"u8) is var end and > 0)
        {
            target.WriteString("type", "base64");
            target.WriteEscaped("media_type", default, escaped[5..end]);
            target.WriteEscaped("data", default, escaped[(end + 8)..]);
        }
        else if (escaped.StartsWith("https:"u8) || escaped.StartsWith("http:"u8))
        {
            target.WriteString("type", "url");
            target.WriteAsIs("url", url);
        }
        else
        {
            throw place.Refuse(field, "must be a data: URL in base64 or an https: URL");
        }

        target.WriteEndObject();
    }

    private static void WriteText(JsonElement text, Side speaker, ref Side side, Utf8JsonWriter target)
    {
        if (!JsonText.IsBlank(JsonText.Escaped(text)))
        {
            BeginBlock("text", speaker, ref side, target);
            target.WriteAsIs("text", text);
            target.WriteEndObject();
        }
    }

    private static void WriteToolCalls(JsonElement message, in Place place, ref Side side, Utf8JsonWriter target)
    {
        if (message.Optional("tool_calls", JsonValueKind.Array, place) is not { } calls)
        {
            return;
        }

        var at = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var where = place.At("tool_calls", at++);
            if (call.AsObject(where).Member("function", JsonValueKind.Object) is not { } function)
            {
                throw where.Refuse("function", "must be an object");
            }

            BeginBlock("tool_use", Side.Assistant, ref side, target);
            target.WriteAsIs("id", call.Required("id", JsonValueKind.String, where));
            target.WriteAsIs("name", function.Text("name") ?? throw where.Refuse("function.name", "must be a string"));
            target.WriteArguments("input", function.Text("arguments") ?? throw where.Refuse("function.arguments", "must be a string"));
            target.WriteEndObject();
        }
    }

    private static void WriteToolResult(JsonElement message, in Place place, ref Side side, Utf8JsonWriter target)
    {
        var text = new JoinedText();
        AppendTexts(message, place, text);
        BeginBlock("tool_result", Side.User, ref side, target);
        target.WriteAsIs("tool_use_id", message.Required("tool_call_id", JsonValueKind.String, place));
        if (!JsonText.IsBlank(text.Escaped))
        {
            target.WriteEscaped("content", default, text.Escaped);
        }

        target.WriteEndObject();
    }

    private static void BeginBlock(string type, Side speaker, ref Side side, Utf8JsonWriter target)
    {
        if (side != speaker)
        {
            if (side is not Side.None)
            {
                EndTurn(target);
            }

            side = speaker;
            target.WriteStartObject();
            target.WriteString("role", speaker is Side.User ? "user" : "assistant");
            target.WriteStartArray("content");
        }

        target.WriteStartObject();
        target.WriteString("type", type);
    }

    private static void EndTurn(Utf8JsonWriter target)
    {
        target.WriteEndArray();
        target.WriteEndObject();
    }

    private static Domain.Shared.RefusedException NoContent(in Place place) =>
        place.Refuse("content", "must be a string or an array of content parts");
}
