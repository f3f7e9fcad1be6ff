using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Words the instructions and the items of a response's input as the messages of a chat. A chat wants all calls of one turn in
/// one message of the assistant, together with what it said before them.
/// </summary>
internal static class ResponsesOverChatInput
{
    public static void Write(JsonElement request, Utf8JsonWriter target)
    {
        target.WriteStartArray("messages");
        if (request.Optional("instructions", JsonValueKind.String, Place.Root) is { } instructions)
        {
            WriteMessage("system", instructions, target);
        }

        var input = request.Optional("input");
        if (input is { ValueKind: JsonValueKind.String } text)
        {
            WriteMessage("user", text, target);
        }
        else if (input is { ValueKind: JsonValueKind.Array } items)
        {
            WriteItems(items, target);
        }
        else
        {
            throw Place.Root.Refuse("input", "must be a string or an array of items");
        }

        target.WriteEndArray();
    }

    private static void WriteItems(JsonElement items, Utf8JsonWriter target)
    {
        var turn = new AssistantTurn(target);
        var at = 0;
        foreach (var entry in items.EnumerateArray())
        {
            var place = Place.Root.At("input", at++);
            var item = entry.AsObject(place);
            var type = item.Optional("type", JsonValueKind.String, place)?.GetString() ?? "message";
            switch (type)
            {
                case "message" when item.Required("role", JsonValueKind.String, place).ValueEquals("assistant"u8):
                    turn.End();
                    turn.Begin(Texts(item, "content", place));
                    break;
                case "message":
                    turn.End();
                    WriteMessage(item, place, target);
                    break;
                case "function_call":
                    turn.Call(item, place);
                    break;
                case "function_call_output":
                    turn.End();
                    WriteResult(item, place, target);
                    break;
                case "reasoning":
                    break;
                case "item_reference":
                    throw place.Refuse("type", "must not be 'item_reference', because no item is stored: send the item itself");
                default:
                    throw place.Refuse("type", "must be 'message', 'function_call' or 'function_call_output' for this model");
            }
        }

        turn.End();
    }

    private static void WriteMessage(JsonElement item, in Place place, Utf8JsonWriter target)
    {
        switch (item.Required("role", JsonValueKind.String, place).GetString())
        {
            case "user":
                WriteUser(item, place, target);
                break;

            // Only OpenAI's own models know the developer's role.
            case "system" or "developer":
                target.WriteStartObject();
                target.WriteString("role", "system");
                target.WriteEscaped("content", default, Texts(item, "content", place).Escaped);
                target.WriteEndObject();
                break;
            default:
                throw place.Refuse("role", "must be 'user', 'assistant', 'system' or 'developer'");
        }
    }

    private static void WriteUser(JsonElement item, in Place place, Utf8JsonWriter target)
    {
        var content = Content(item, "content", place);
        if (content.ValueKind is JsonValueKind.String || content.EnumerateArray().All(IsTextPart))
        {
            target.WriteStartObject();
            target.WriteString("role", "user");
            target.WriteEscaped("content", default, Texts(item, "content", place).Escaped);
            target.WriteEndObject();
            return;
        }

        target.WriteStartObject();
        target.WriteString("role", "user");
        target.WriteStartArray("content");
        var at = 0;
        foreach (var part in content.EnumerateArray())
        {
            WritePart(part, place.At("content", at++), target);
        }

        target.WriteEndArray();
        target.WriteEndObject();
    }

    private static void WritePart(JsonElement part, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        switch (part.AsObject(place).Required("type", JsonValueKind.String, place).GetString())
        {
            case "input_text" or "output_text" or "text":
                target.WriteString("type", "text");
                target.WriteAsIs("text", part.Required("text", JsonValueKind.String, place));
                break;
            case "input_image":
                target.WriteString("type", "image_url");
                target.WriteStartObject("image_url");
                target.WriteAsIs("url", part.Required("image_url", JsonValueKind.String, place));
                target.Copy(part, "detail", JsonValueKind.String, place);
                target.WriteEndObject();
                break;
            case "input_file":
                target.WriteString("type", "file");
                target.WriteStartObject("file");
                target.Copy(part, "filename", JsonValueKind.String, place);
                target.WriteAsIs("file_data", part.Required("file_data", JsonValueKind.String, place));
                target.WriteEndObject();
                break;
            default:
                throw place.Refuse("type", "must be 'input_text', 'input_image' or 'input_file' for this model");
        }

        target.WriteEndObject();
    }

    private static void WriteResult(JsonElement item, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        target.WriteString("role", "tool");
        target.WriteAsIs("tool_call_id", item.Required("call_id", JsonValueKind.String, place));
        target.WriteEscaped("content", default, Texts(item, "output", place).Escaped);
        target.WriteEndObject();
    }

    private static JoinedText Texts(JsonElement item, string field, in Place place)
    {
        var texts = new JoinedText();
        var content = Content(item, field, place);
        if (content.ValueKind is JsonValueKind.String)
        {
            texts.AppendParagraph(content);
            return texts;
        }

        var at = 0;
        foreach (var part in content.EnumerateArray())
        {
            var where = place.At(field, at++);
            var type = part.AsObject(where).Required("type", JsonValueKind.String, where);
            texts.AppendParagraph(
                IsText(type) ? part.Required("text", JsonValueKind.String, where)
                : type.ValueEquals("refusal"u8) ? part.Required("refusal", JsonValueKind.String, where)
                : throw where.Refuse("type", "must be a text here for this model"));
        }

        return texts;
    }

    private static bool IsTextPart(JsonElement part) =>
        part.ValueKind is JsonValueKind.Object && part.Optional("type") is { } type && IsText(type);

    private static bool IsText(JsonElement type) =>
        type.ValueKind is JsonValueKind.String
        && (type.ValueEquals("input_text"u8) || type.ValueEquals("output_text"u8) || type.ValueEquals("text"u8));

    private static JsonElement Content(JsonElement item, string field, in Place place) =>
        item.Optional(field) is { ValueKind: JsonValueKind.String or JsonValueKind.Array } content
            ? content
            : throw place.Refuse(field, "must be a string or an array of content parts");

    private static void WriteMessage(string role, JsonElement text, Utf8JsonWriter target)
    {
        target.WriteStartObject();
        target.WriteString("role", role);
        target.WriteAsIs("content", text);
        target.WriteEndObject();
    }

    /// <summary>The assistant's message that is being written: what it said, and then its calls.</summary>
    private sealed class AssistantTurn(Utf8JsonWriter target)
    {
        private bool _open;
        private bool _hasCalls;

        public void Begin(JoinedText text)
        {
            _open = true;
            target.WriteStartObject();
            target.WriteString("role", "assistant");
            if (text.IsEmpty)
            {
                target.WriteNull("content");
            }
            else
            {
                target.WriteEscaped("content", default, text.Escaped);
            }
        }

        public void Call(JsonElement item, in Place place)
        {
            if (!_open)
            {
                Begin(new JoinedText());
            }

            if (!_hasCalls)
            {
                _hasCalls = true;
                target.WriteStartArray("tool_calls");
            }

            target.WriteStartObject();
            target.WriteAsIs("id", item.Required("call_id", JsonValueKind.String, place));
            target.WriteString("type", "function");
            target.WriteStartObject("function");
            target.WriteAsIs("name", item.Required("name", JsonValueKind.String, place));
            target.WriteAsIs("arguments", item.Required("arguments", JsonValueKind.String, place));
            target.WriteEndObject();
            target.WriteEndObject();
        }

        public void End()
        {
            if (_hasCalls)
            {
                target.WriteEndArray();
            }

            if (_open)
            {
                target.WriteEndObject();
            }

            (_open, _hasCalls) = (false, false);
        }
    }
}
