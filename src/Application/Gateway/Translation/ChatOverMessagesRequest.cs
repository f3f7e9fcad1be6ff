using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Words a chat completion as a request of Anthropic's Messages API.</summary>
internal static class ChatOverMessagesRequest
{
    /// <summary>
    /// Anthropic wants a limit, and a chat completion may have none. The relay always sets the one that the call's hold pays for;
    /// this stands where nothing did.
    /// </summary>
    private const int TokensWithoutLimit = 4096;

    private const string OnlyJson = "Answer with a single JSON object and nothing else.";

    public static void Write(JsonElement request, Utf8JsonWriter target)
    {
        RefuseOtherAnswers(request);
        target.Copy(request, "model", JsonValueKind.String, Place.Root);
        var messages = request.Required("messages", JsonValueKind.Array, Place.Root);
        WriteSystem(request, messages, target);
        ChatOverMessagesTurns.Write(messages, target);
        if ((request.Optional("max_completion_tokens", JsonValueKind.Number, Place.Root)
            ?? request.Optional("max_tokens", JsonValueKind.Number, Place.Root)) is { } limit)
        {
            target.WriteAsIs("max_tokens", limit);
        }
        else
        {
            target.WriteNumber("max_tokens", TokensWithoutLimit);
        }

        WriteSampling(request, target);
        WriteStop(request, target);
        WriteTools(request, target);
        if (request.Optional("user", JsonValueKind.String, Place.Root) is { } user)
        {
            target.WriteStartObject("metadata");
            target.WriteAsIs("user_id", user);
            target.WriteEndObject();
        }

        target.CopyFlag(request, "stream", Place.Root);
    }

    private static void RefuseOtherAnswers(JsonElement request)
    {
        if (request.Optional("n", JsonValueKind.Number, Place.Root) is { } count && !(count.TryGetInt32(out var n) && n is 1))
        {
            throw Place.Root.Refuse("n", "must be 1 for this model");
        }

        if (request.Flag("logprobs", Place.Root) is true)
        {
            throw Place.Root.Refuse("logprobs", "is not supported by this model");
        }

        RefuseIfPresent(request, "audio", "is not supported by this model");
        RefuseIfPresent(request, "web_search_options", "is not supported by this model");
        RefuseIfPresent(request, "functions", "is not supported by this model: send 'tools'");
        RefuseIfPresent(request, "function_call", "is not supported by this model: send 'tool_choice'");
        if (request.Optional("modalities", JsonValueKind.Array, Place.Root) is { } modalities
            && !modalities.EnumerateArray().All(modality => modality.ValueKind is JsonValueKind.String && modality.ValueEquals("text"u8)))
        {
            throw Place.Root.Refuse("modalities", "must be [\"text\"] for this model");
        }
    }

    private static void RefuseIfPresent(JsonElement request, string field, string why)
    {
        if (request.Optional(field) is not null)
        {
            throw Place.Root.Refuse(field, why);
        }
    }

    /// <summary>Messages of the system and the developer, wherever they stand, and what the wanted format asks for.</summary>
    private static void WriteSystem(JsonElement request, JsonElement messages, Utf8JsonWriter target)
    {
        var system = new JoinedText();
        var at = 0;
        foreach (var item in messages.EnumerateArray())
        {
            var place = Place.Root.At("messages", at++);
            var role = item.AsObject(place).Required("role", JsonValueKind.String, place);
            if (role.ValueEquals("system"u8) || role.ValueEquals("developer"u8))
            {
                ChatOverMessagesTurns.AppendTexts(item, place, system);
            }
        }

        if (request.Optional("response_format", JsonValueKind.Object, Place.Root) is { } format)
        {
            WriteFormat(format, system, target);
        }

        if (!JsonText.IsBlank(system.Escaped))
        {
            target.WriteEscaped("system", default, system.Escaped);
        }
    }

    private static void WriteFormat(JsonElement format, JoinedText system, Utf8JsonWriter target)
    {
        switch (format.Text("type")?.GetString())
        {
            case "text":
                break;
            case "json_object":
                system.AppendParagraph(System.Text.Encoding.UTF8.GetBytes(OnlyJson));
                break;
            case "json_schema":
                var schema = format.Member("json_schema", JsonValueKind.Object)?.Member("schema", JsonValueKind.Object)
                    ?? throw Place.Root.Refuse("response_format.json_schema.schema", "must be an object");
                target.WriteStartObject("output_config");
                target.WriteStartObject("format");
                target.WriteString("type", "json_schema");
                target.WriteAsIs("schema", schema);
                target.WriteEndObject();
                target.WriteEndObject();
                break;
            default:
                throw Place.Root.Refuse("response_format.type", "must be 'text', 'json_object' or 'json_schema'");
        }
    }

    private static void WriteSampling(JsonElement request, Utf8JsonWriter target)
    {
        var topP = request.Optional("top_p", JsonValueKind.Number, Place.Root);
        if (request.Optional("temperature", JsonValueKind.Number, Place.Root) is { } temperature)
        {
            // OpenAI's scale ends at 2, Anthropic's at 1.
            if (temperature.TryGetDouble(out var degrees) && degrees > 1)
            {
                target.WriteNumber("temperature", 1);
            }
            else
            {
                target.WriteAsIs("temperature", temperature);
            }
        }
        else if (topP is { } share)
        {
            target.WriteAsIs("top_p", share);
        }
    }

    private static void WriteStop(JsonElement request, Utf8JsonWriter target)
    {
        if (request.Optional("stop") is not { } stop)
        {
            return;
        }

        target.WriteStartArray("stop_sequences");
        if (stop.ValueKind is JsonValueKind.String)
        {
            WriteStopSequence(stop, target);
        }
        else
        {
            foreach (var sequence in request.Required("stop", JsonValueKind.Array, Place.Root).EnumerateArray())
            {
                WriteStopSequence(sequence, target);
            }
        }

        target.WriteEndArray();
    }

    private static void WriteStopSequence(JsonElement sequence, Utf8JsonWriter target)
    {
        if (sequence.ValueKind is not JsonValueKind.String)
        {
            throw Place.Root.Refuse("stop", "must be a string or an array of strings");
        }

        // Anthropic refuses one of white space alone.
        if (!JsonText.IsBlank(JsonText.Escaped(sequence)))
        {
            target.WriteAsIs(sequence);
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
            if (!item.AsObject(place).Is("type", "function"))
            {
                throw place.Refuse("type", "must be 'function' for this model");
            }

            var function = item.Required("function", JsonValueKind.Object, place);
            target.WriteStartObject();
            target.WriteAsIs("name", function.Text("name") ?? throw place.Refuse("function.name", "must be a string"));
            target.Copy(function, "description", JsonValueKind.String, place);
            if (function.Optional("parameters") is not null)
            {
                target.Copy(function, "parameters", JsonValueKind.Object, place, to: "input_schema");
            }
            else
            {
                target.WriteStartObject("input_schema");
                target.WriteString("type", "object");
                target.WriteEndObject();
            }

            target.WriteEndObject();
        }

        target.WriteEndArray();
        WriteToolChoice(request, target);
    }

    private static void WriteToolChoice(JsonElement request, Utf8JsonWriter target)
    {
        var choice = request.Optional("tool_choice");
        var oneAtATime = request.Flag("parallel_tool_calls", Place.Root) is false;
        if (choice is null && !oneAtATime)
        {
            return;
        }

        target.WriteStartObject("tool_choice");
        if (choice is { ValueKind: JsonValueKind.Object } named)
        {
            target.WriteString("type", "tool");
            target.WriteAsIs("name", named.Member("function", JsonValueKind.Object)?.Text("name")
                ?? throw Place.Root.Refuse("tool_choice", "must name a function: {\"type\":\"function\",\"function\":{\"name\":\"...\"}}"));
        }
        else
        {
            var type = choice is not { } word ? "auto" : word.ValueKind is JsonValueKind.String ? word.GetString() : null;
            target.WriteString("type", type switch
            {
                "auto" or "none" => type,
                "required" => "any",
                _ => throw Place.Root.Refuse("tool_choice", "must be 'auto', 'none', 'required' or an object that names a function"),
            });
            oneAtATime &= type is not "none";
        }

        if (oneAtATime)
        {
            target.WriteBoolean("disable_parallel_tool_use", true);
        }

        target.WriteEndObject();
    }
}
