using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Words a request of Anthropic's Messages API as a chat completion.</summary>
internal static class MessagesOverChatRequest
{
    public static void Write(JsonElement request, Utf8JsonWriter target)
    {
        target.Copy(request, "model", JsonValueKind.String, Place.Root);
        MessagesOverChatTurns.Write(request, target);
        target.Copy(request, "max_tokens", JsonValueKind.Number, Place.Root);
        target.Copy(request, "temperature", JsonValueKind.Number, Place.Root);
        target.Copy(request, "top_p", JsonValueKind.Number, Place.Root);
        target.Copy(request, "stop_sequences", JsonValueKind.Array, Place.Root, to: "stop");
        WriteTools(request, target);
        WriteFormat(request, target);
        if (request.Optional("metadata", JsonValueKind.Object, Place.Root) is { } metadata
            && metadata.Optional("user_id") is { } user)
        {
            target.WriteAsIs(
                "user", user.ValueKind is JsonValueKind.String ? user : throw Place.Root.Refuse("metadata.user_id", "must be a string"));
        }

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

    private static void WriteTools(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("mcp_servers", JsonValueKind.Array, Place.Root) is { } servers && servers.GetArrayLength() > 0)
        {
            throw Place.Root.Refuse("mcp_servers", "must be empty for this model: it cannot use the tools that Anthropic runs");
        }

        if (request.Optional("tools", JsonValueKind.Array, Place.Root) is not { } tools || tools.GetArrayLength() is 0)
        {
            return;
        }

        target.WriteStartArray("tools");
        var at = 0;
        foreach (var item in tools.EnumerateArray())
        {
            WriteTool(item, Place.Root.At("tools", at++), target);
        }

        target.WriteEndArray();
        WriteToolChoice(request, target);
    }

    private static void WriteTool(JsonElement item, in Place place, Utf8JsonWriter target)
    {
        var tool = item.AsObject(place);
        if (tool.Optional("type", JsonValueKind.String, place) is { } type && !type.ValueEquals("custom"u8))
        {
            throw place.Refuse("type", "must be 'custom' for this model: it cannot use the tools that Anthropic defines");
        }

        target.WriteStartObject();
        target.WriteString("type", "function");
        target.WriteStartObject("function");
        target.WriteAsIs("name", tool.Required("name", JsonValueKind.String, place));
        target.Copy(tool, "description", JsonValueKind.String, place);
        target.WriteAsIs("parameters", tool.Required("input_schema", JsonValueKind.Object, place));
        target.CopyFlag(tool, "strict", place);

        target.WriteEndObject();
        target.WriteEndObject();
    }

    private static void WriteToolChoice(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("tool_choice", JsonValueKind.Object, Place.Root) is not { } choice)
        {
            return;
        }

        switch (choice.Text("type")?.GetString())
        {
            case "auto":
                target.WriteString("tool_choice", "auto");
                break;
            case "any":
                target.WriteString("tool_choice", "required");
                break;
            case "none":
                target.WriteString("tool_choice", "none");
                break;
            case "tool":
                target.WriteStartObject("tool_choice");
                target.WriteString("type", "function");
                target.WriteStartObject("function");
                target.WriteAsIs("name", choice.Text("name") ?? throw Place.Root.Refuse("tool_choice.name", "must be a string"));
                target.WriteEndObject();
                target.WriteEndObject();
                break;
            default:
                throw Place.Root.Refuse("tool_choice.type", "must be 'auto', 'any', 'tool' or 'none'");
        }

        if (choice.Flag("disable_parallel_tool_use", new Place("tool_choice")) is true)
        {
            target.WriteBoolean("parallel_tool_calls", false);
        }
    }

    private static void WriteFormat(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("output_config", JsonValueKind.Object, Place.Root)?.Optional("format") is not { } format)
        {
            return;
        }

        if (!format.Is("type", "json_schema") || format.Member("schema", JsonValueKind.Object) is not { } schema)
        {
            throw Place.Root.Refuse("output_config.format", "must be of type 'json_schema' and have a 'schema'");
        }

        target.WriteStartObject("response_format");
        target.WriteString("type", "json_schema");
        target.WriteStartObject("json_schema");
        target.WriteString("name", "answer");
        target.WriteAsIs("schema", schema);
        target.WriteBoolean("strict", true);
        target.WriteEndObject();
        target.WriteEndObject();
    }
}
