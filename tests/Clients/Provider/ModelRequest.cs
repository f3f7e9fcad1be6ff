using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>A function that a request offers.</summary>
internal sealed record Tool(string Name, JsonNode? Schema);

/// <summary>What a request asks, whichever format it is written in.</summary>
/// <param name="Number">The number of the exchange.</param>
/// <param name="Model">The model's name, as it was asked for.</param>
/// <param name="Said">The newest text of the user, without directives.</param>
/// <param name="ToolResult">What a function answered since then.</param>
/// <param name="Tools">The functions that may be called.</param>
/// <param name="MaxTokens">Most tokens of the answer.</param>
/// <param name="PromptTokens">Tokens of everything that was said; four letters are one.</param>
internal sealed record ModelRequest(
    int Number, string Model, string Said, string? ToolResult, IReadOnlyList<Tool> Tools, int? MaxTokens, int PromptTokens)
{
    /// <summary>The function that the model calls: the first one, unless it has answered already.</summary>
    public Tool? ToolToCall => ToolResult is null && Tools.Count > 0 ? Tools[0] : null;

    /// <summary>Reads <c>/chat/completions</c> and <c>/completions</c>.</summary>
    public static ModelRequest OfChat(int number, JsonObject body)
    {
        var messages = (body["messages"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var said = messages.Count > 0
            ? messages.LastOrDefault(message => message["role"]?.ToString() == "user")?["content"]
            : body["prompt"];
        var result = messages.Count > 0 && messages[^1]["role"]?.ToString() == "tool" ? TextOf(messages[^1]["content"]) : null;
        var tools = body["tool_choice"]?.ToString() == "none" ? [] : (body["tools"] as JsonArray ?? [])
            .Where(tool => tool?["type"]?.ToString() == "function")
            .Select(tool => new Tool(tool!["function"]!["name"]!.ToString(), tool["function"]!["parameters"]));
        return new ModelRequest(
            number, ModelOf(body), Spoken(said), result, [.. tools],
            (body["max_completion_tokens"] ?? body["max_tokens"])?.GetValue<int>(), Count(body["messages"], body["prompt"]));
    }

    /// <summary>Reads <c>/responses</c>.</summary>
    public static ModelRequest OfResponses(int number, JsonObject body)
    {
        var items = (body["input"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var said = items.Count > 0 ? items.LastOrDefault(item => item["role"]?.ToString() == "user")?["content"] : body["input"];
        var result = items.Count > 0 && items[^1]["type"]?.ToString() == "function_call_output" ? TextOf(items[^1]["output"]) : null;
        var tools = body["tool_choice"]?.ToString() == "none" ? [] : (body["tools"] as JsonArray ?? [])
            .Where(tool => tool?["type"]?.ToString() == "function")
            .Select(tool => new Tool(tool!["name"]!.ToString(), tool["parameters"]));
        return new ModelRequest(
            number, ModelOf(body), Spoken(said), result, [.. tools],
            body["max_output_tokens"]?.GetValue<int>(), Count(body["input"], body["instructions"]));
    }

    /// <summary>Reads <c>/messages</c>, Anthropic's.</summary>
    public static ModelRequest OfMessages(int number, JsonObject body)
    {
        var messages = (body["messages"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var last = messages.LastOrDefault(message => message["role"]?.ToString() == "user")?["content"];
        var results = (last as JsonArray)?.FirstOrDefault(block => block?["type"]?.ToString() == "tool_result");
        var tools = body["tool_choice"]?["type"]?.ToString() == "none" ? [] : (body["tools"] as JsonArray ?? [])
            .Where(tool => tool?["input_schema"] is not null)
            .Select(tool => new Tool(tool!["name"]!.ToString(), tool["input_schema"]));
        return new ModelRequest(
            number, ModelOf(body), Spoken(last), results is null ? null : TextOf(results["content"]), [.. tools],
            body["max_tokens"]?.GetValue<int>(), Count(body["messages"], body["system"]));
    }

    /// <summary>Tokens of every text in some members of a body.</summary>
    public static int Count(params JsonNode?[] members) => 1 + (members.Sum(Letters) / 4);

    private static string ModelOf(JsonObject body) => body["model"]!.ToString();

    private static string Spoken(JsonNode? content) => Directive.Without(TextOf(content));

    /// <summary>Content is a text, or a list of parts of which some are texts.</summary>
    private static string TextOf(JsonNode? content) => content switch
    {
        JsonArray parts => string.Join(' ', parts.Select(part => part is JsonObject ? part["text"]?.ToString() : part?.ToString()).OfType<string>()),
        _ => content?.ToString() ?? string.Empty,
    };

    private static int Letters(JsonNode? node) => node switch
    {
        JsonObject members => members.Sum(member => Letters(member.Value)),
        JsonArray items => items.Sum(Letters),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length,
        _ => 0,
    };
}
