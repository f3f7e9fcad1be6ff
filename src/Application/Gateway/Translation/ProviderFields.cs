using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Reads a provider's answers. A field that is absent or of another type than documented is one and the same.</summary>
internal static class ProviderFields
{
    /// <summary>Above every context window there is; a larger count is no count.</summary>
    private const int HighestTokenCount = 100_000_000;

    public static JsonElement? Member(this JsonElement owner, string name, JsonValueKind kind) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;

    public static JsonElement? Text(this JsonElement owner, string name) => owner.Member(name, JsonValueKind.String);

    /// <summary>A text that has something in it.</summary>
    public static JsonElement? Words(this JsonElement owner, string name) =>
        owner.Text(name) is { } text && JsonText.Escaped(text).Length > 0 ? text : null;

    public static bool Is(this JsonElement owner, string name, string value) => owner.Text(name) is { } text && text.ValueEquals(value);

    public static int? Count(this JsonElement owner, string name) =>
        owner.Member(name, JsonValueKind.Number) is { } number
        && number.TryGetInt32(out var count)
        && count is >= 0 and <= HighestTokenCount
            ? count
            : null;

    /// <summary>The first item of a list; nothing where there is none.</summary>
    public static JsonElement? First(this JsonElement owner, string name) =>
        owner.Member(name, JsonValueKind.Array) is { } list && list.GetArrayLength() > 0 ? list[0] : null;

    /// <summary>The items of a list; none where it is absent.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement owner, string name) =>
        owner.Member(name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : default;
}

/// <summary>The tokens of one answer.</summary>
/// <param name="Prompt">All tokens read, those from a cache included.</param>
/// <param name="Cached">Those of <paramref name="Prompt"/> that were read from a cache.</param>
/// <param name="CacheWritten">Those of <paramref name="Prompt"/> that were written to one; Anthropic and OpenRouter count them.</param>
/// <param name="Completion">All tokens written.</param>
/// <param name="Reasoning">Those of <paramref name="Completion"/> that the client does not see.</param>
internal readonly record struct TokenCounts(int Prompt, int Cached, int CacheWritten, int Completion, int Reasoning)
{
    /// <summary>Reads the <c>usage</c> of a chat completion.</summary>
    public static TokenCounts OfChat(JsonElement usage)
    {
        var prompt = usage.Count("prompt_tokens") ?? 0;
        var completion = usage.Count("completion_tokens") ?? 0;
        var details = usage.Member("prompt_tokens_details", JsonValueKind.Object);
        var cached = Math.Min(details?.Count("cached_tokens") ?? 0, prompt);
        var written = Math.Min(details?.Count("cache_write_tokens") ?? 0, prompt - cached);
        var reasoning = usage.Member("completion_tokens_details", JsonValueKind.Object)?.Count("reasoning_tokens") ?? 0;
        return new TokenCounts(prompt, cached, written, completion, Math.Min(reasoning, completion));
    }

    /// <summary>Reads the <c>usage</c> of a message, whose <c>input_tokens</c> leave out what a cache was read or written for.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="before">Counts of earlier events, for what this one leaves out.</param>
    public static TokenCounts OfMessage(JsonElement usage, TokenCounts before = default)
    {
        var cached = usage.Count("cache_read_input_tokens") ?? before.Cached;
        var written = usage.Count("cache_creation_input_tokens") ?? before.CacheWritten;
        var plain = usage.Count("input_tokens") ?? before.Prompt - before.Cached - before.CacheWritten;
        return new TokenCounts(plain + cached + written, cached, written, usage.Count("output_tokens") ?? before.Completion, 0);
    }

    /// <summary>Writes them as the <c>usage</c> of a chat completion.</summary>
    public void WriteChat(Utf8JsonWriter target)
    {
        target.WriteStartObject("usage");
        target.WriteNumber("prompt_tokens", Prompt);
        target.WriteNumber("completion_tokens", Completion);
        target.WriteNumber("total_tokens", (long)Prompt + Completion);
        target.WriteStartObject("prompt_tokens_details");
        target.WriteNumber("cached_tokens", Cached);
        target.WriteEndObject();
        target.WriteEndObject();
    }

    /// <summary>Writes them as the <c>usage</c> of a message.</summary>
    public void WriteMessage(Utf8JsonWriter target)
    {
        target.WriteStartObject("usage");
        target.WriteNumber("input_tokens", Prompt - Cached - CacheWritten);
        target.WriteNumber("cache_creation_input_tokens", CacheWritten);
        target.WriteNumber("cache_read_input_tokens", Cached);
        target.WriteNumber("output_tokens", Completion);
        target.WriteEndObject();
    }

    /// <summary>Writes them as the <c>usage</c> of a response.</summary>
    public void WriteResponse(Utf8JsonWriter target)
    {
        target.WriteStartObject("usage");
        target.WriteNumber("input_tokens", Prompt);
        target.WriteStartObject("input_tokens_details");
        target.WriteNumber("cached_tokens", Cached);
        target.WriteEndObject();
        target.WriteNumber("output_tokens", Completion);
        target.WriteStartObject("output_tokens_details");
        target.WriteNumber("reasoning_tokens", Reasoning);
        target.WriteEndObject();
        target.WriteNumber("total_tokens", (long)Prompt + Completion);
        target.WriteEndObject();
    }
}
