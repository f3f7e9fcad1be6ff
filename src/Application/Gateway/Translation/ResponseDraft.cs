using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>What an item of a response's output is.</summary>
internal enum ResponseItemKind
{
    /// <summary>A message with a text.</summary>
    Text,

    /// <summary>A message in which the model declines.</summary>
    Refusal,

    /// <summary>A call of a function.</summary>
    Call,
}

/// <summary>An item of a response's output. Strings stay escaped.</summary>
/// <param name="kind">What it is.</param>
/// <param name="id">Its id.</param>
/// <param name="callId">The id by which the call's result names it; empty for a message.</param>
internal sealed class ResponseItem(ResponseItemKind kind, byte[] id, byte[] callId)
{
    public ResponseItemKind Kind { get; } = kind;

    public byte[] Id { get; } = id;

    /// <summary>The function's name.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>The message's text, or the call's arguments.</summary>
    public JoinedText Text { get; } = new();

    /// <summary>Where it stands in the output.</summary>
    public required int Index { get; init; }

    /// <summary>Ends a call's arguments: some hosts leave them empty where a function has none, which is no JSON.</summary>
    public void CompleteArguments()
    {
        if (Text.IsEmpty)
        {
            Text.Append("{}"u8);
        }
    }

    /// <summary>Writes the item's members.</summary>
    /// <param name="target">Where to write.</param>
    /// <param name="status">Its status.</param>
    /// <param name="withText">Whether its text is written too: an item that has just begun shows none.</param>
    public void Write(Utf8JsonWriter target, string status, bool withText = true)
    {
        target.WriteEscaped("id", default, Id);
        target.WriteString("type", Kind is ResponseItemKind.Call ? "function_call" : "message");
        target.WriteString("status", status);
        if (Kind is ResponseItemKind.Call)
        {
            target.WriteEscaped("call_id", default, callId);
            target.WriteEscaped("name", default, Name);
            target.WriteEscaped("arguments", default, withText ? Text.Escaped : default);
            return;
        }

        target.WriteString("role", "assistant");
        target.WriteStartArray("content");
        if (withText)
        {
            target.WriteStartObject();
            WritePart(target, Text.Escaped);
            target.WriteEndObject();
        }

        target.WriteEndArray();
    }

    /// <summary>Writes the members of the message's only part.</summary>
    public void WritePart(Utf8JsonWriter target, ReadOnlySpan<byte> escaped)
    {
        if (Kind is ResponseItemKind.Refusal)
        {
            target.WriteString("type", "refusal");
            target.WriteEscaped("refusal", default, escaped);
            return;
        }

        target.WriteString("type", "output_text");
        target.WriteStartArray("annotations");
        target.WriteEndArray();
        target.WriteStartArray("logprobs");
        target.WriteEndArray();
        target.WriteEscaped("text", default, escaped);
    }
}

/// <summary>A response as far as it is known.</summary>
/// <param name="echo">What it repeats of its request.</param>
internal sealed class ResponseDraft(ResponseEcho echo)
{
    private readonly List<ResponseItem> _items = [];
    private byte[] _id = [];
    private byte[] _model = [];
    private long _created;

    /// <summary>Why the chat completion ended.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The tokens; <see langword="null"/> while they are not known.</summary>
    public TokenCounts? Usage { get; set; }

    /// <summary>Whether the answer was cut off.</summary>
    public string FinalStatus => FinishReason is "length" or "content_filter" ? "incomplete" : "completed";

    /// <summary>Takes from the answer, or its first piece, what says which one it is.</summary>
    public void Begin(JsonElement answer)
    {
        _id = answer.Text("id") is { } id ? JsonText.Escaped(id).ToArray() : [];
        _model = answer.Text("model") is { } model ? JsonText.Escaped(model).ToArray() : [];
        _created = answer.Member("created", JsonValueKind.Number) is { } created && created.TryGetInt64(out var seconds) ? seconds : 0;
    }

    /// <summary>Adds a message to the output.</summary>
    public ResponseItem AddMessage(ResponseItemKind kind) => Add(kind, "msg_", []);

    /// <summary>Adds a call to the output.</summary>
    /// <param name="id">The provider's id of the call; <see langword="null"/> where there is none.</param>
    public ResponseItem AddCall(JsonElement? id) => Add(
        ResponseItemKind.Call, "fc_", id is { } given ? JsonText.Escaped(given).ToArray() : IdOf("call_"));

    /// <summary>Writes the response's members.</summary>
    /// <param name="target">Where to write.</param>
    /// <param name="status">Its status.</param>
    /// <param name="error">What made it fail.</param>
    public void Write(Utf8JsonWriter target, string status, ProviderError? error = null)
    {
        target.WriteEscaped("id", "resp_"u8, _id);
        target.WriteString("object", "response");
        target.WriteNumber("created_at", _created);
        target.WriteString("status", status);
        WriteError(target, error);
        WriteIncompleteness(target, status);
        target.WriteEscaped("model", default, _model);
        target.WriteStartArray("output");
        foreach (var item in _items)
        {
            target.WriteStartObject();
            item.Write(target, status is "completed" ? status : "incomplete");
            target.WriteEndObject();
        }

        target.WriteEndArray();
        echo.Write(target);
        if (Usage is { } usage)
        {
            usage.WriteResponse(target);
        }
        else
        {
            target.WriteNull("usage");
        }
    }

    private static void WriteError(Utf8JsonWriter target, ProviderError? error)
    {
        if (error is not { } failure)
        {
            target.WriteNull("error");
            return;
        }

        target.WriteStartObject("error");
        target.WriteEscaped("code", default, failure.Code.Length > 0 ? failure.Code.Span : "server_error"u8);
        target.WriteEscaped("message", default, failure.Message.Span);
        target.WriteEndObject();
    }

    private void WriteIncompleteness(Utf8JsonWriter target, string status)
    {
        if (status is not "incomplete")
        {
            target.WriteNull("incomplete_details");
            return;
        }

        target.WriteStartObject("incomplete_details");
        target.WriteString("reason", FinishReason is "length" ? "max_output_tokens" : "content_filter");
        target.WriteEndObject();
    }

    private ResponseItem Add(ResponseItemKind kind, string prefix, byte[] callId)
    {
        var item = new ResponseItem(kind, IdOf(prefix), callId) { Index = _items.Count };
        _items.Add(item);
        return item;
    }

    private byte[] IdOf(string prefix) => [.. Encoding.ASCII.GetBytes(prefix), .. _id, .. Encoding.ASCII.GetBytes($"_{_items.Count}")];
}
