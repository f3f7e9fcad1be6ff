using System.Buffers.Binary;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients.Provider;

/// <summary>OpenAI's embeddings, images, models and errors.</summary>
internal static class OpenAiData
{
    private const int Dimensions = 8;

    /// <summary>Words what <c>POST /embeddings</c> answers: vectors of eight numbers, as the encoding that was asked for.</summary>
    public static WireAnswer Embeddings(JsonObject request, Directive directive)
    {
        var texts = request["input"] is JsonArray list ? list.Select(text => text!.ToString()).ToList() : [request["input"]!.ToString()];
        var tokens = directive.Number("prompt") ?? ModelRequest.Count(request["input"]);
        var usage = directive.Fault switch
        {
            Faults.NoUsage => null,
            Faults.NegativeUsage => new TokenUsage(-5, 0, 0, 0),
            _ => new TokenUsage(tokens, 0, 0, 0),
        };
        var inBase64 = request["encoding_format"]?.ToString() == "base64";
        return Whole(usage, () =>
        {
            var body = new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. texts.Select((text, index) => new JsonObject
                {
                    ["object"] = "embedding",
                    ["index"] = index,
                    ["embedding"] = inBase64 ? Base64(VectorOf(text)) : new JsonArray([.. VectorOf(text).Select(number => JsonValue.Create(number))]),
                })]),
                ["model"] = request["model"]!.DeepClone(),
            };
            if (usage is not null)
            {
                body["usage"] = new JsonObject { ["prompt_tokens"] = usage.Prompt, ["total_tokens"] = usage.Prompt };
            }

            return body;
        });
    }

    /// <summary>Words what <c>POST /images/generations</c> answers: pixels, as data or as links.</summary>
    public static WireAnswer Images(JsonObject request, string address) => Whole(null, () =>
    {
        var asData = request["response_format"]?.ToString() == "b64_json";
        var images = Enumerable.Range(0, request["n"]?.GetValue<int>() ?? 1).Select(index =>
        {
            var image = new JsonObject { ["revised_prompt"] = Directive.Without(request["prompt"]!.ToString()) };
            image[asData ? "b64_json" : "url"] = asData ? Upstream.Pixel : $"{address}images/{index}.png";
            return image;
        });
        return new JsonObject { ["created"] = 1_760_000_000, ["data"] = new JsonArray([.. images]) };
    });

    /// <summary>What <c>GET /models/{id}</c> answers.</summary>
    public static JsonObject Model(string id) => new()
    {
        ["id"] = id,
        ["object"] = "model",
        ["created"] = 1_721_172_741,
        ["owned_by"] = "system",
    };

    /// <summary>What <c>GET /models</c> answers.</summary>
    public static JsonObject Models(IEnumerable<string> ids) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. ids.Select(Model)]),
    };

    /// <summary>A refusal, as OpenAI words it.</summary>
    public static JsonObject Error(string message, string type, string? param, string? code) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code },
    };

    private static WireAnswer Whole(TokenUsage? usage, Func<JsonObject> body) => new(usage, body, [], EndsWithDone: false);

    /// <summary>Powers of two, so that every encoding carries them unchanged.</summary>
    private static float[] VectorOf(string text) =>
        [.. Enumerable.Range(0, Dimensions).Select(place => (text.Length % (place + 2)) / 8f)];

    private static string Base64(float[] numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(float)];
        foreach (var (place, number) in numbers.Index())
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(place * sizeof(float)), number);
        }

        return Convert.ToBase64String(bytes);
    }
}
