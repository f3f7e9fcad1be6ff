using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Provider;

/// <summary>Tokens as a provider counts them.</summary>
/// <param name="Prompt">Of the prompt, the cached ones included.</param>
/// <param name="Cached">Of the prompt, read from the provider's cache.</param>
/// <param name="Answer">Of the answer, its reasoning included; below zero where it is not counted yet, or miscounted.</param>
/// <param name="Reasoning">Of the answer, not shown.</param>
internal sealed record TokenUsage(int Prompt, int Cached, int Answer, int Reasoning)
{
    /// <summary>Of the prompt, written to the provider's cache for its usual time.</summary>
    public int Written { get; init; }

    /// <summary>Of the prompt, written to the provider's cache for an hour.</summary>
    public int WrittenLong { get; init; }
}

/// <summary>A function that the model asks its client to call.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>What the model says to a request, before any format words it. One piece of text is one token.</summary>
/// <param name="Model">The version that answers.</param>
/// <param name="Pieces">The text, as a stream would bring it; may come to no end.</param>
/// <param name="Calls">Functions to call; then there is no text.</param>
/// <param name="IsCutShort">Whether the client's limit ended it.</param>
/// <param name="Usage">What it says that it used; <see langword="null"/> where it does not say.</param>
internal sealed record Turn(string Model, IEnumerable<string> Pieces, IReadOnlyList<ToolCall> Calls, bool IsCutShort, TokenUsage? Usage)
{
    private const int CallTokens = 12;

    public string Text => string.Concat(Pieces);

    /// <summary>What the model says to a request.</summary>
    public static Turn To(ModelRequest request, Directive directive)
    {
        var turn = Honest(request, directive);
        return directive.Fault switch
        {
            Faults.NoUsage => turn with { Usage = null },
            Faults.NegativeUsage => turn with { Usage = new TokenUsage(-5, 0, -7, 0) },
            _ => turn,
        };
    }

    private static Turn Honest(ModelRequest request, Directive directive)
    {
        var model = $"{request.Model}-2024-07-18";
        var prompt = directive.Number("prompt") ?? request.PromptTokens;
        var cached = directive.Number("cached") ?? 0;
        var reasoning = directive.Number("reasoning") ?? 0;
        if (request.ToolToCall is { } tool)
        {
            var call = new ToolCall($"call_{request.Number:D8}", tool.Name, ArgumentsFor(tool.Schema, request.Said));
            return new Turn(model, [], [call], false, new TokenUsage(prompt, cached, CallTokens + reasoning, reasoning));
        }

        if (directive.Fault is Faults.Endless)
        {
            return new Turn(model, Endless(), [], false, new TokenUsage(prompt, cached, 0, 0));
        }

        var pieces = directive.Number("answer") is { } words
            ? [.. Enumerable.Range(1, words).Select(word => word == 1 ? "Word" : $" word{word}")]
            : Words(request.ToolResult is { } result ? $"The answer is {result}" : $"You said: {request.Said}");
        var most = Math.Max(0, (request.MaxTokens ?? int.MaxValue) - reasoning);
        var said = pieces.Take(most).ToList();
        var usage = new TokenUsage(prompt, cached, said.Count + reasoning, reasoning)
        {
            Written = directive.Number("written") ?? 0,
            WrittenLong = directive.Number("written-long") ?? 0,
        };
        return new Turn(model, said, [], said.Count < pieces.Count, usage);
    }

    private static IEnumerable<string> Endless()
    {
        for (var word = 1; ; word++)
        {
            yield return $" word{word}";
        }
    }

    private static List<string> Words(string text) =>
        [.. text.Split(' ').Select((word, index) => index == 0 ? word : $" {word}")];

    /// <summary>Arguments that fit a schema's required members: texts are the last word that was said, numbers are 7.</summary>
    private static string ArgumentsFor(JsonNode? schema, string said)
    {
        var properties = schema?["properties"] as JsonObject ?? [];
        var word = said.Split(' ')[^1].Trim('.', '?', '!', ',');
        var arguments = new JsonObject();
        foreach (var (name, property) in properties)
        {
            arguments[name] = property?["type"]?.ToString() switch
            {
                "integer" or "number" => 7,
                "boolean" => true,
                _ => word,
            };
        }

        return arguments.ToJsonString();
    }
}
