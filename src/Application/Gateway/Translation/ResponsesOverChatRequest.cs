using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Words a request of the Responses API as a chat completion.</summary>
internal static class ResponsesOverChatRequest
{
    private const string NothingStored = "is not supported, because no response is stored: send the whole conversation in 'input'";

    public static void Write(JsonElement request, Utf8JsonWriter target)
    {
        RefuseStoredState(request);
        target.Copy(request, "model", JsonValueKind.String, Place.Root);
        ResponsesOverChatInput.Write(request, target);
        target.Copy(request, "max_output_tokens", JsonValueKind.Number, Place.Root, to: "max_tokens");
        target.Copy(request, "temperature", JsonValueKind.Number, Place.Root);
        target.Copy(request, "top_p", JsonValueKind.Number, Place.Root);
        WriteTools(request, target);
        WriteText(request, target);
        if (request.Optional("reasoning", JsonValueKind.Object, Place.Root) is { } reasoning)
        {
            target.Copy(reasoning, "effort", JsonValueKind.String, new Place("reasoning"), to: "reasoning_effort");
        }

        request.Optional("metadata", JsonValueKind.Object, Place.Root);
        target.Copy(request, "user", JsonValueKind.String, Place.Root);
        if (request.Flag("stream", Place.Root) is { } stream)
        {
            target.WriteBoolean("stream", stream);
            if (stream)
            {
                target.WriteStartObject("stream_options");
                target.WriteBoolean("include_usage", true);
                target.WriteEndObject();
            }
        }
    }

    private static void RefuseStoredState(JsonElement request)
    {
        foreach (var field in (ReadOnlySpan<string>)["previous_response_id", "conversation", "prompt"])
        {
            if (request.Optional(field) is not null)
            {
                throw Place.Root.Refuse(field, NothingStored);
            }
        }

        if (request.Flag("background", Place.Root) is true)
        {
            throw Place.Root.Refuse("background", "must be false: no response is stored to be fetched later");
        }

        if (request.Optional("include", JsonValueKind.Array, Place.Root) is { } include)
        {
            var at = 0;
            foreach (var wanted in include.EnumerateArray())
            {
                if (wanted.ValueKind is JsonValueKind.String && wanted.ValueEquals("message.output_text.logprobs"u8))
                {
                    throw Place.Root.At("include", at).Refuse(string.Empty, "is not supported by this model");
                }

                at++;
            }
        }
    }

    private static void WriteTools(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("tools", JsonValueKind.Array, Place.Root) is not { } tools || tools.GetArrayLength() is 0)
        {
            return;
        }

        target.WriteStartArray("tools");
        var at = 0;
        foreach (var item in tools.EnumerateArray())
        {
            var place = Place.Root.At("tools", at++);
            var tool = item.AsObject(place);
            if (!tool.Is("type", "function"))
            {
                throw place.Refuse("type", "must be 'function' for this model: it cannot use the tools that OpenAI runs");
            }

            target.WriteStartObject();
            target.WriteString("type", "function");
            target.WriteStartObject("function");
            target.WriteAsIs("name", tool.Required("name", JsonValueKind.String, place));
            target.Copy(tool, "description", JsonValueKind.String, place);
            target.Copy(tool, "parameters", JsonValueKind.Object, place);
            target.CopyFlag(tool, "strict", place);

            target.WriteEndObject();
            target.WriteEndObject();
        }

        target.WriteEndArray();
        WriteToolChoice(request, target);
        target.CopyFlag(request, "parallel_tool_calls", Place.Root);
    }

    private static void WriteToolChoice(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("tool_choice") is not { } choice)
        {
            return;
        }

        if (choice.ValueKind is JsonValueKind.String)
        {
            target.WriteAsIs("tool_choice", choice);
            return;
        }

        if (!choice.Is("type", "function") || choice.Text("name") is not { } name)
        {
            throw Place.Root.Refuse("tool_choice", "must be 'auto', 'none', 'required' or {\"type\":\"function\",\"name\":\"...\"}");
        }

        target.WriteStartObject("tool_choice");
        target.WriteString("type", "function");
        target.WriteStartObject("function");
        target.WriteAsIs("name", name);
        target.WriteEndObject();
        target.WriteEndObject();
    }

    private static void WriteText(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("text", JsonValueKind.Object, Place.Root) is not { } text)
        {
            return;
        }

        var place = new Place("text");
        target.Copy(text, "verbosity", JsonValueKind.String, place);
        if (text.Optional("format", JsonValueKind.Object, place) is not { } format || format.Is("type", "text"))
        {
            return;
        }

        target.WriteStartObject("response_format");
        if (format.Is("type", "json_object"))
        {
            target.WriteString("type", "json_object");
        }
        else if (format.Is("type", "json_schema"))
        {
            target.WriteString("type", "json_schema");
            WriteSchema(format, new Place("text.format"), target);
        }
        else
        {
            throw place.Refuse("format.type", "must be 'text', 'json_object' or 'json_schema'");
        }

        target.WriteEndObject();
    }

    private static void WriteSchema(JsonElement format, in Place place, Utf8JsonWriter target)
    {
        target.WriteStartObject("json_schema");
        target.WriteAsIs("name", format.Required("name", JsonValueKind.String, place));
        target.Copy(format, "description", JsonValueKind.String, place);
        target.WriteAsIs("schema", format.Required("schema", JsonValueKind.Object, place));
        target.CopyFlag(format, "strict", place);

        target.WriteEndObject();
    }
}
