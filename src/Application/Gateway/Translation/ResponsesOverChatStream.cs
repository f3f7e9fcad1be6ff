using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Words a streamed chat completion as the events of a response. The last event repeats the whole output, so that the text of
/// one answer is kept here, up to <see cref="JoinedText.Longest"/> for each of its items.
/// </summary>
internal sealed class ResponsesOverChatStream(ResponseEcho echo) : IStreamTranslation
{
    private readonly EventWriter _events = new();
    private readonly ResponseDraft _response = new(echo);
    private readonly Dictionary<int, ResponseItem> _calls = [];

    /// <summary>The calls that the client knows of: one is announced when its name is there.</summary>
    private readonly HashSet<ResponseItem> _announced = [];

    private ResponseItem? _message;
    private bool _started;
    private bool _ended;
    private int _sequence;

    /// <inheritdoc/>
    public void Translate(string name, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (_ended)
        {
            return;
        }

        if (data.Span.Trim((byte)' ').SequenceEqual("[DONE]"u8))
        {
            End(output);
            return;
        }

        using var document = TranslatedBody.Parse(data);
        try
        {
            Translate(document.RootElement, output);
        }
        catch (InvalidOperationException unreadable)
        {
            throw new FormatException("The event is not readable JSON.", unreadable);
        }
    }

    /// <inheritdoc/>
    public void End(IBufferWriter<byte> output)
    {
        if (_ended)
        {
            return;
        }

        Start(default, output);
        CloseMessage(output);
        foreach (var call in _calls.Values.OrderBy(call => call.Index))
        {
            CloseCall(call, output);
        }

        _response.Usage ??= default(TokenCounts);
        WriteResponse(_response.FinalStatus, null, output);
        _ended = true;
    }

    private void Translate(JsonElement chunk, IBufferWriter<byte> output)
    {
        Start(chunk, output);
        if (chunk.Optional("error") is not null)
        {
            WriteResponse("failed", ProviderError.Read(500, chunk), output);
            _ended = true;
            return;
        }

        if (chunk.Member("usage", JsonValueKind.Object) is { } usage)
        {
            _response.Usage = TokenCounts.OfChat(usage);
        }

        if (chunk.First("choices") is not { } choice)
        {
            return;
        }

        if (choice.Member("delta", JsonValueKind.Object) is { } delta)
        {
            if (delta.Words("content") is { } content)
            {
                AddText(ResponseItemKind.Text, content, output);
            }

            if (delta.Words("refusal") is { } refusal)
            {
                AddText(ResponseItemKind.Refusal, refusal, output);
            }

            foreach (var call in delta.Items("tool_calls"))
            {
                AddCall(call, output);
            }
        }

        _response.FinishReason = choice.Text("finish_reason")?.GetString() ?? _response.FinishReason;
    }

    private void Start(JsonElement chunk, IBufferWriter<byte> output)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        _response.Begin(chunk);
        WriteResponse("created", null, output);
        WriteResponse("in_progress", null, output);
    }

    private void AddText(ResponseItemKind kind, JsonElement text, IBufferWriter<byte> output)
    {
        if (_message?.Kind != kind)
        {
            CloseMessage(output);
            _message = _response.AddMessage(kind);
            WriteItem("response.output_item.added", _message, "in_progress", output);
            WritePart("response.content_part.added", _message, default, output);
        }

        _message!.Text.Append(JsonText.Escaped(text));
        var target = BeginPart(kind is ResponseItemKind.Text ? "response.output_text.delta" : "response.refusal.delta", _message, output);
        target.WriteAsIs("delta", text);
        EndText(target, kind, output);
    }

    private void AddCall(JsonElement piece, IBufferWriter<byte> output)
    {
        var index = piece.Count("index") ?? 0;
        var function = piece.Member("function", JsonValueKind.Object);
        if (!_calls.TryGetValue(index, out var call))
        {
            CloseMessage(output);
            call = _response.AddCall(piece.Words("id"));
            _calls.Add(index, call);
        }

        if (call.Name.Length is 0 && function?.Words("name") is { } name)
        {
            call.Name = JsonText.Escaped(name).ToArray();
            Announce(call, output);
        }

        if (function?.Words("arguments") is { } arguments)
        {
            call.Text.Append(JsonText.Escaped(arguments));
            if (_announced.Contains(call))
            {
                WriteArguments(call, JsonText.Escaped(arguments), output);
            }
        }
    }

    private void Announce(ResponseItem call, IBufferWriter<byte> output)
    {
        _announced.Add(call);
        WriteItem("response.output_item.added", call, "in_progress", output);
        if (!call.Text.IsEmpty)
        {
            WriteArguments(call, call.Text.Escaped, output);
        }
    }

    private void WriteArguments(ResponseItem call, ReadOnlySpan<byte> escaped, IBufferWriter<byte> output)
    {
        var target = BeginItem("response.function_call_arguments.delta", call, output);
        target.WriteEscaped("delta", default, escaped);
        _events.End(output);
    }

    private void CloseMessage(IBufferWriter<byte> output)
    {
        if (_message is not { } message)
        {
            return;
        }

        var isText = message.Kind is ResponseItemKind.Text;
        var target = BeginPart(isText ? "response.output_text.done" : "response.refusal.done", message, output);
        target.WriteEscaped(isText ? "text" : "refusal", default, message.Text.Escaped);
        EndText(target, message.Kind, output);
        WritePart("response.content_part.done", message, message.Text.Escaped, output);
        WriteItem("response.output_item.done", message, _response.FinalStatus, output);
        _message = null;
    }

    private void CloseCall(ResponseItem call, IBufferWriter<byte> output)
    {
        if (!_announced.Contains(call))
        {
            Announce(call, output);
        }

        call.CompleteArguments();
        var target = BeginItem("response.function_call_arguments.done", call, output);
        target.WriteEscaped("name", default, call.Name);
        target.WriteEscaped("arguments", default, call.Text.Escaped);
        _events.End(output);
        WriteItem("response.output_item.done", call, _response.FinalStatus, output);
    }

    private void WriteResponse(string what, ProviderError? error, IBufferWriter<byte> output)
    {
        var target = Begin("response." + what, output);
        target.WriteStartObject("response");
        _response.Write(target, what is "created" ? "in_progress" : what, error);
        target.WriteEndObject();
        _events.End(output);
    }

    private void WriteItem(string type, ResponseItem item, string status, IBufferWriter<byte> output)
    {
        var target = Begin(type, output);
        target.WriteNumber("output_index", item.Index);
        target.WriteStartObject("item");
        item.Write(target, status, withText: status is not "in_progress");
        target.WriteEndObject();
        _events.End(output);
    }

    private void WritePart(string type, ResponseItem message, ReadOnlySpan<byte> escaped, IBufferWriter<byte> output)
    {
        var target = BeginPart(type, message, output);
        target.WriteStartObject("part");
        message.WritePart(target, escaped);
        target.WriteEndObject();
        _events.End(output);
    }

    private void EndText(Utf8JsonWriter target, ResponseItemKind kind, IBufferWriter<byte> output)
    {
        if (kind is ResponseItemKind.Text)
        {
            target.WriteStartArray("logprobs");
            target.WriteEndArray();
        }

        _events.End(output);
    }

    private Utf8JsonWriter BeginPart(string type, ResponseItem message, IBufferWriter<byte> output)
    {
        var target = BeginItem(type, message, output);
        target.WriteNumber("content_index", 0);
        return target;
    }

    private Utf8JsonWriter BeginItem(string type, ResponseItem item, IBufferWriter<byte> output)
    {
        var target = Begin(type, output);
        target.WriteEscaped("item_id", default, item.Id);
        target.WriteNumber("output_index", item.Index);
        return target;
    }

    private Utf8JsonWriter Begin(string type, IBufferWriter<byte> output)
    {
        var target = _events.Begin(output, type);
        target.WriteString("type", type);
        target.WriteNumber("sequence_number", _sequence++);
        return target;
    }
}
