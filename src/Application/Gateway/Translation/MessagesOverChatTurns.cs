using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Words the turns of a Messages request as the messages of a chat. Texts of one turn are written together, since many hosts
/// read a list of parts only where there are pictures; a turn in which nothing is left to say is left out.
/// </summary>
internal static class MessagesOverChatTurns
{
    public static void Write(JsonElement request, Utf8JsonWriter target)
    {
        target.WriteStartArray("messages");
        if (request.Optional("system") is { } system)
        {
            WriteText(target, "system", Texts(system, "system", Place.Root));
        }

        var at = 0;
        foreach (var item in request.Required("messages", JsonValueKind.Array, Place.Root).EnumerateArray())
        {
            var place = Place.Root.At("messages", at++);
            var message = item.AsObject(place);
            var role = message.Required("role", JsonValueKind.String, place);
            if (role.ValueEquals("user"u8))
            {
                WriteUser(message, place, target);
            }
            else if (role.ValueEquals("assistant"u8))
            {
                WriteAssistant(message, place, target);
            }
            else if (role.ValueEquals("system"u8))
            {
                WriteText(target, "system", Texts(Content(message, place), "content", place));
            }
            else
            {
                throw place.Refuse("role", "must be 'user', 'assistant' or 'system'");
            }
        }

        target.WriteEndArray();
    }

    /// <summary>Results of tools come first, since chat completions expect them right behind the calls; pictures in them follow.</summary>
    private static void WriteUser(JsonElement message, in Place place, Utf8JsonWriter target)
    {
        var content = Content(message, place);
        if (content.ValueKind is JsonValueKind.String)
        {
            WriteText(target, "user", content);
            return;
        }

        var others = 0;
        var texts = new JoinedText();
        var at = 0;
        foreach (var item in content.EnumerateArray())
        {
            var where = place.At("content", at++);
            var type = item.AsObject(where).Required("type", JsonValueKind.String, where);
            if (type.ValueEquals("tool_result"u8))
            {
                others += WriteToolResult(item, where, target);
            }
            else if (type.ValueEquals("text"u8))
            {
                texts.AppendParagraph(item.Required("text", JsonValueKind.String, where));
            }
            else
            {
                others++;
            }
        }

        if (others > 0)
        {
            target.WriteStartObject();
            target.WriteString("role", "user");
            target.WriteStartArray("content");
            WriteParts(content, place, target);
            target.WriteEndArray();
            target.WriteEndObject();
        }
        else if (!texts.IsEmpty)
        {
            WriteText(target, "user", texts);
        }
    }

    /// <summary>Writes the text of a tool's result, and counts what else is in it.</summary>
    private static int WriteToolResult(JsonElement block, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        target.WriteString("role", "tool");
        target.WriteAsIs("tool_call_id", block.Required("tool_use_id", JsonValueKind.String, place));
        var others = 0;
        var texts = new JoinedText();
        if (block.Optional("content") is { ValueKind: JsonValueKind.String } text)
        {
            texts.AppendParagraph(text);
        }
        else if (block.Optional("content", JsonValueKind.Array, place) is { } content)
        {
            var at = 0;
            foreach (var item in content.EnumerateArray())
            {
                var where = place.At("content", at++);
                if (item.AsObject(where).Is("type", "text"))
                {
                    texts.AppendParagraph(item.Required("text", JsonValueKind.String, where));
                }
                else
                {
                    others++;
                }
            }
        }

        target.WriteEscaped("content", default, texts.Escaped);
        target.WriteEndObject();
        return others;
    }

    private static void WriteParts(JsonElement content, Place place, Utf8JsonWriter target)
    {
        var at = 0;
        foreach (var block in content.EnumerateArray())
        {
            var where = place.At("content", at++);
            if (!block.Is("type", "tool_result"))
            {
                WritePart(block, where, target);
            }
            else if (block.Optional("content") is { ValueKind: JsonValueKind.Array } result)
            {
                var inner = 0;
                foreach (var part in result.EnumerateArray())
                {
                    var innermost = where.At("content", inner++);
                    if (!part.Is("type", "text"))
                    {
                        WritePart(part, innermost, target);
                    }
                }
            }
        }
    }

    private static void WritePart(JsonElement block, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        switch (block.Required("type", JsonValueKind.String, place).GetString())
        {
            case "text":
                target.WriteString("type", "text");
                target.WriteAsIs("text", block.Required("text", JsonValueKind.String, place));
                break;
            case "image":
                var image = block.Required("source", JsonValueKind.Object, place);
                target.WriteString("type", "image_url");
                target.WriteStartObject("image_url");
                if (image.Is("type", "url"))
                {
                    target.WriteAsIs("url", SourceField(image, "url", place));
                }
                else
                {
                    WriteDataUrl(target, "url", image, place);
                }

                target.WriteEndObject();
                break;
            case "document":
                WriteDocument(block, place, target);
                break;
            default:
                throw place.Refuse("type", "must be 'text', 'image', 'document' or 'tool_result' for this model");
        }

        target.WriteEndObject();
    }

    private static void WriteDocument(JsonElement block, in Place place, Utf8JsonWriter target)
    {
        var source = block.Required("source", JsonValueKind.Object, place);
        if (source.Is("type", "text"))
        {
            target.WriteString("type", "text");
            target.WriteAsIs("text", SourceField(source, "data", place));
            return;
        }

        target.WriteString("type", "file");
        target.WriteStartObject("file");
        target.WriteEscaped("filename", default, block.Text("title") is { } title ? JsonText.Escaped(title) : "document.pdf"u8);
        WriteDataUrl(target, "file_data", source, place);
        target.WriteEndObject();
    }

    private static void WriteDataUrl(Utf8JsonWriter target, string name, JsonElement source, in Place place)
    {
        if (!source.Is("type", "base64"))
        {
            throw place.Refuse("source.type", "must be 'base64', 'url' (images) or 'text' (documents) for this model");
        }

        byte[] prefix = [.. "data:"u8, .. JsonText.Escaped(SourceField(source, "media_type", place)), .. ";base64,"u8];
        target.WriteEscaped(name, prefix, JsonText.Escaped(SourceField(source, "data", place)));
    }

    private static JsonElement SourceField(JsonElement source, string name, in Place place) =>
        source.Text(name) ?? throw place.Refuse("source." + name, "must be a string");

    private static void WriteAssistant(JsonElement message, in Place place, Utf8JsonWriter target)
    {
        var content = Content(message, place);
        if (content.ValueKind is JsonValueKind.String)
        {
            WriteText(target, "assistant", content);
            return;
        }

        var texts = new JoinedText();
        var calls = CountCalls(content, place, texts);
        if (texts.IsEmpty && calls is 0)
        {
            return;
        }

        target.WriteStartObject();
        target.WriteString("role", "assistant");
        if (texts.IsEmpty)
        {
            target.WriteNull("content");
        }
        else
        {
            target.WriteEscaped("content", default, texts.Escaped);
        }

        if (calls > 0)
        {
            WriteToolCalls(content, place, target);
        }

        target.WriteEndObject();
    }

    /// <summary>Counts the calls in what the assistant said, and gathers its text.</summary>
    private static int CountCalls(JsonElement content, in Place place, JoinedText texts)
    {
        var calls = 0;
        var at = 0;
        foreach (var item in content.EnumerateArray())
        {
            var where = place.At("content", at++);
            var type = item.AsObject(where).Required("type", JsonValueKind.String, where);
            if (type.ValueEquals("text"u8))
            {
                texts.AppendParagraph(item.Required("text", JsonValueKind.String, where));
            }
            else if (type.ValueEquals("tool_use"u8))
            {
                calls++;
            }
            else if (!type.ValueEquals("thinking"u8) && !type.ValueEquals("redacted_thinking"u8))
            {
                throw where.Refuse("type", "must be 'text', 'tool_use' or 'thinking' for this model");
            }
        }

        return calls;
    }

    private static void WriteToolCalls(JsonElement content, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartArray("tool_calls");
        var at = 0;
        foreach (var block in content.EnumerateArray())
        {
            var where = place.At("content", at++);
            if (!block.Is("type", "tool_use"))
            {
                continue;
            }

            target.WriteStartObject();
            target.WriteAsIs("id", block.Required("id", JsonValueKind.String, where));
            target.WriteString("type", "function");
            target.WriteStartObject("function");
            target.WriteAsIs("name", block.Required("name", JsonValueKind.String, where));
            target.WriteAsString("arguments", block.Required("input", JsonValueKind.Object, where));
            target.WriteEndObject();
            target.WriteEndObject();
        }

        target.WriteEndArray();
    }

    private static JsonElement Content(JsonElement message, in Place place) =>
        message.Optional("content") is { ValueKind: JsonValueKind.String or JsonValueKind.Array } content
            ? content
            : throw place.Refuse("content", "must be a string or an array of content blocks");

    private static void WriteText(Utf8JsonWriter target, string role, JsonElement text)
    {
        target.WriteStartObject();
        target.WriteString("role", role);
        target.WriteAsIs("content", text);
        target.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter target, string role, JoinedText text)
    {
        target.WriteStartObject();
        target.WriteString("role", role);
        target.WriteEscaped("content", default, text.Escaped);
        target.WriteEndObject();
    }

    private static JoinedText Texts(JsonElement content, string field, in Place place)
    {
        var texts = new JoinedText();
        if (content.ValueKind is JsonValueKind.String)
        {
            texts.AppendParagraph(content);
            return texts;
        }

        if (content.ValueKind is not JsonValueKind.Array)
        {
            throw place.Refuse(field, "must be a string or an array of text blocks");
        }

        var at = 0;
        foreach (var block in content.EnumerateArray())
        {
            var where = place.At(field, at++);
            texts.AppendParagraph(block.AsObject(where).Required("text", JsonValueKind.String, where));
        }

        return texts;
    }
}
