using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>
/// Counts what a provider delivers in one call. Its own counts go before all; what it does not count, or counts in a way that
/// cannot be true, is estimated by the text that was delivered.
/// </summary>
/// <param name="operation">The form in which the provider answers, one of <see cref="ProviderOperations"/>.</param>
/// <param name="prompt">How long the prompt is.</param>
internal sealed class AnswerMeter(string operation, Func<PromptMeasure> prompt)
{
    /// <summary>Bytes that a token of ordinary text stands for, where nobody counted.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Tokens of an image, where nobody counted.</summary>
    private const int TokensOfImage = 1_000;

    /// <summary>Above every context window there is; a larger count is no count.</summary>
    private const int HighestTokenCount = 100_000_000;

    private static readonly string[] NoText = ["role", "id", "type", "status", "finish_reason", "stop_reason", "stop_sequence", "signature", "index", "object"];

    private long? _promptTokens;
    private long? _cachedTokens;
    private long _cacheWrites;
    private long _longCacheWrites;
    private long? _answerTokens;
    private long? _reasoningTokens;
    private (long Bytes, int Pieces) _text;
    private (long Bytes, int Pieces) _unsent;

    /// <summary>Whether the provider said that the stream is at its end.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the provider told of a failure of its own.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether anything of an answer has reached the caller.</summary>
    public bool HasDelivered => _text.Pieces > 0;

    /// <summary>Whether there was anything of an answer, an empty one included: a part of one, or a count of what it took.</summary>
    public bool HasAnswer { get; private set; }

    /// <summary>How many vectors or images a whole answer has.</summary>
    public int Items { get; private set; }

    /// <summary>Notes one event of a stream.</summary>
    /// <param name="content">Its data.</param>
    public void NoteEvent(JsonElement content)
    {
        HasFailed |= Member(content, "error") is not null;
        switch (operation)
        {
            case ProviderOperations.Responses:
                NoteResponsesEvent(content);
                break;
            case ProviderOperations.Messages:
                NoteMessagesEvent(content);
                break;
            default:
                NoteChoices(content);
                break;
        }
    }

    /// <summary>Notes the mark that ends a stream of OpenAI's.</summary>
    public void NoteEnd() => IsFinished = true;

    /// <summary>Notes that all that was noted so far has reached the caller.</summary>
    public void NoteDelivered()
    {
        _text = (_text.Bytes + _unsent.Bytes, _text.Pieces + _unsent.Pieces);
        _unsent = default;
    }

    /// <summary>Notes a whole answer.</summary>
    /// <param name="answer">The answer.</param>
    public void NoteWhole(JsonElement answer)
    {
        NoteUsage(Member(answer, "usage"));
        var parts = Member(answer, RelayRules.OfProvider(operation).AnswerField) is { ValueKind: JsonValueKind.Array } list ? list : default;
        Items = parts.ValueKind is JsonValueKind.Array ? parts.GetArrayLength() : 0;
        HasAnswer |= Items > 0;
        if (_answerTokens is null && RelayRules.OfProvider(operation).WritesText)
        {
            NoteText(parts);
        }

        NoteDelivered();
        IsFinished = true;
    }

    /// <summary>What was delivered.</summary>
    public ModelUsage Usage() => new(
        _promptTokens ?? EstimatedPrompt(prompt()),
        _cachedTokens ?? 0,
        _answerTokens ?? Math.Max(_text.Pieces, Estimate(_text.Bytes)))
    {
        ReasoningTokens = _reasoningTokens ?? 0,
        CacheWriteTokens = _cacheWrites - _longCacheWrites,
        LongCacheWriteTokens = _longCacheWrites,
    };

    private static long EstimatedPrompt(PromptMeasure measure) => Estimate(measure.TextBytes) + ((long)measure.Images * TokensOfImage);

    private static long Estimate(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private void NoteChoices(JsonElement content)
    {
        NoteUsage(Member(content, "usage"));
        if (Member(content, "choices") is not { ValueKind: JsonValueKind.Array } choices)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            HasAnswer = true;
            NoteText(Member(choice, "delta") ?? Member(choice, "text") ?? default);
            IsFinished |= Member(choice, "finish_reason") is { ValueKind: JsonValueKind.String };
        }
    }

    private void NoteResponsesEvent(JsonElement content)
    {
        HasAnswer = true;
        NoteText(Member(content, "delta") ?? default);
        var type = Member(content, "type") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
        HasFailed |= type is "error" or "response.failed";
        if (type is "response.completed" or "response.incomplete" or "response.failed")
        {
            IsFinished = true;
            NoteUsage(Member(Member(content, "response") ?? default, "usage"));
        }
    }

    private void NoteMessagesEvent(JsonElement content)
    {
        HasAnswer = true;
        NoteText(Member(content, "delta") ?? default);
        NoteOpening(Member(Member(content, "message") ?? default, "usage"));
        NoteUsage(Member(content, "usage"));
        IsFinished |= Member(content, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("message_stop"u8);
    }

    /// <summary>Later counts take the place of earlier ones: a stream counts on as it goes.</summary>
    private void NoteUsage(JsonElement? reported)
    {
        if (reported is not { ValueKind: JsonValueKind.Object } usage)
        {
            return;
        }

        if (Count(usage, "prompt_tokens") is > 0 and var promptTokens)
        {
            _promptTokens = promptTokens;
            NotePromptDetails(Member(usage, "prompt_tokens_details") ?? default);
        }
        else if (Count(usage, "input_tokens") is { } inputTokens)
        {
            NoteInput(usage, inputTokens);
        }

        _answerTokens = Count(usage, "completion_tokens") ?? Count(usage, "output_tokens") ?? _answerTokens;
        _reasoningTokens = Count(Member(usage, "completion_tokens_details") ?? Member(usage, "output_tokens_details") ?? default, "reasoning_tokens")
            ?? _reasoningTokens;
        HasAnswer |= (_promptTokens ?? _answerTokens) is not null;
    }

    /// <summary>The first event counts the prompt; what it says of the answer is no count, for nothing is written yet.</summary>
    private void NoteOpening(JsonElement? reported)
    {
        if (reported is { } usage && Count(usage, "input_tokens") is { } inputTokens)
        {
            NoteInput(usage, inputTokens);
        }
    }

    private void NoteInput(JsonElement usage, long inputTokens)
    {
        if (operation is ProviderOperations.Messages)
        {
            // Anthropic counts what it reads from its cache, or writes to it, beside the input and not within it.
            var read = Count(usage, "cache_read_input_tokens") ?? 0;
            var written = Count(usage, "cache_creation_input_tokens") ?? 0;
            var total = inputTokens + read + written;
            if (total > 0)
            {
                (_promptTokens, _cachedTokens, _cacheWrites) = (total, read, written);
            }

            // The last event of a stream counts them together.
            _longCacheWrites = Math.Min(
                _cacheWrites, Count(Member(usage, "cache_creation") ?? default, "ephemeral_1h_input_tokens") ?? _longCacheWrites);
        }
        else if (inputTokens > 0)
        {
            _promptTokens = inputTokens;
            NotePromptDetails(Member(usage, "input_tokens_details") ?? default);
        }
    }

    /// <summary>OpenRouter counts what is written to a cache here, within the prompt, and does not tell for how long it is kept.</summary>
    private void NotePromptDetails(JsonElement details)
    {
        _cachedTokens = Count(details, "cached_tokens") ?? _cachedTokens;
        _cacheWrites = Count(details, "cache_write_tokens") ?? _cacheWrites;
    }

    private void NoteText(JsonElement text)
    {
        if (BytesIn(text) is > 0 and var bytes)
        {
            _unsent = (_unsent.Bytes + bytes, _unsent.Pieces + 1);
        }
    }

    private static long BytesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => LengthOf(element),
        JsonValueKind.Array => element.EnumerateArray().Sum(BytesIn),
        JsonValueKind.Object => element.EnumerateObject()
            .Where(member => !Array.Exists(NoText, name => member.NameEquals(name)))
            .Sum(member => BytesIn(member.Value)),
        _ => 0,
    };

    /// <summary>Bytes of a text; no string is made of it to count them.</summary>
    private static long LengthOf(JsonElement text)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        if (!reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan))
        {
            return reader.ValueSpan.Length;
        }

        // No escape is shorter than what it stands for.
        var bytes = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return reader.CopyString(bytes);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no text: it counts as it is written.
            return text.GetRawText().Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null
            ? member
            : null;

    private static long? Count(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetInt64(out var count)
        && count is >= 0 and <= HighestTokenCount
            ? count
            : null;
}
