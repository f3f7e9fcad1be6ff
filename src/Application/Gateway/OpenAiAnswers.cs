using System.Text.Json;
using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Application.Gateway;

/// <summary>Reads answers worded as OpenAI's API words them. Everything in them is a stranger's input.</summary>
internal static class OpenAiAnswers
{
    private const int LongestModelName = 100;

    /// <summary>Above every context window there is; a larger count is no count.</summary>
    private const int HighestTokenCount = 100_000_000;

    /// <summary>Makes something of an answer.</summary>
    /// <exception cref="FormatException">The answer is not what the operation answers.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> answer, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return read(document.RootElement) ?? throw new FormatException("The answer lacks what was asked for.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8.
            throw new FormatException("The answer is not readable JSON.", unreadable);
        }
    }

    public static ChatAnswer? Chat(JsonElement answer, string provider)
    {
        if (First(answer, "choices") is not { } choice || Member(choice, "message", JsonValueKind.Object) is not { } message)
        {
            return null;
        }

        // A model that declines says so in a field of its own.
        var text = Text(message, "content") ?? Text(message, "refusal");
        return text is null ? null : new ChatAnswer(text, ModelName(answer), provider, Usage(answer));
    }

    public static EmbeddingAnswer? Embeddings(JsonElement answer, int count)
    {
        if (Member(answer, "data", JsonValueKind.Array) is not { } data || data.GetArrayLength() != count)
        {
            return null;
        }

        var vectors = new ReadOnlyMemory<float>[count];
        foreach (var item in data.EnumerateArray())
        {
            if (Count(item, "index") is not { } index || index >= count || Vector(item) is not { Length: > 0 } vector)
            {
                return null;
            }

            vectors[index] = vector;
        }

        return vectors.All(vector => vector.Length > 0 && vector.Length == vectors[0].Length)
            ? new EmbeddingAnswer(vectors, Usage(answer))
            : null;
    }

    public static GeneratedImage? Image(JsonElement answer, string provider) =>
        First(answer, "data") is { } image
        && Member(image, "b64_json", JsonValueKind.String) is { } encoded
        && encoded.TryGetBytesFromBase64(out var png)
            ? new GeneratedImage(png, provider, PromptTokensOfImage(answer))
            : null;

    /// <summary>For images OpenAI names them <c>input_tokens</c>, and some hosts as they do for chats.</summary>
    private static int PromptTokensOfImage(JsonElement answer) =>
        Member(answer, "usage", JsonValueKind.Object) is { } usage && Count(usage, "input_tokens") is { } count
            ? count
            : Usage(answer).PromptTokens;

    /// <summary>The counts that the provider reports. One that is absent or cannot be true counts as zero.</summary>
    private static TokenUsage Usage(JsonElement answer)
    {
        if (Member(answer, "usage", JsonValueKind.Object) is not { } usage)
        {
            return new TokenUsage(0, 0, null);
        }

        var details = Member(usage, "prompt_tokens_details", JsonValueKind.Object) ?? default;
        var thought = Member(usage, "completion_tokens_details", JsonValueKind.Object) is { } parts ? Count(parts, "reasoning_tokens") : null;
        return new TokenUsage(Count(usage, "prompt_tokens") ?? 0, Count(usage, "completion_tokens") ?? 0, Count(details, "cached_tokens"))
        {
            CacheWriteTokens = Count(details, "cache_write_tokens") ?? 0,
            ReasoningTokens = thought ?? 0,
        };
    }

    private static float[]? Vector(JsonElement item)
    {
        if (Member(item, "embedding", JsonValueKind.Array) is not { } numbers)
        {
            return null;
        }

        var vector = new float[numbers.GetArrayLength()];
        var at = 0;
        foreach (var number in numbers.EnumerateArray())
        {
            if (number.ValueKind is not JsonValueKind.Number || !number.TryGetSingle(out var value) || !float.IsFinite(value))
            {
                return null;
            }

            vector[at++] = value;
        }

        return vector;
    }

    private static string? ModelName(JsonElement answer) =>
        Text(answer, "model") is { Length: > 0 and <= LongestModelName } name && !name.Any(char.IsControl) ? name : null;

    private static int? Count(JsonElement owner, string name) =>
        Member(owner, name, JsonValueKind.Number) is { } number
        && number.TryGetInt32(out var count)
        && count is >= 0 and <= HighestTokenCount
            ? count
            : null;

    private static string? Text(JsonElement owner, string name) => Member(owner, name, JsonValueKind.String)?.GetString();

    private static JsonElement? First(JsonElement owner, string name) =>
        Member(owner, name, JsonValueKind.Array) is { } list && list.GetArrayLength() > 0 ? list[0] : null;

    private static JsonElement? Member(JsonElement owner, string name, JsonValueKind kind) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;
}
