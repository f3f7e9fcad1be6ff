using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Words a streamed chat completion as the events of a message. A message has its blocks one after the other, while a completion
/// may deal out the arguments of several calls in turns: the call that is open goes through at once, and the others wait until
/// its arguments are complete.
/// </summary>
internal sealed class MessagesOverChatStream : IStreamTranslation
{
    /// <summary>Most calls of one answer: far above what a model asks for at once, and each is held until its turn.</summary>
    private const int MaxCalls = 1_000;

    private readonly EventWriter _events = new();
    private readonly Dictionary<int, Call> _calls = [];
    private readonly Queue<Call> _waiting = new();
    private readonly JoinedText _textBehindCalls = new();

    private Call? _openCall;
    private bool _started;
    private bool _textOpen;
    private bool _refused;
    private bool _ended;
    private int _block = -1;
    private string? _finishReason;
    private TokenCounts _usage;

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
        CloseBlock(output);
        while (_waiting.TryDequeue(out var call))
        {
            Open(call, output);
            CloseBlock(output);
        }

        if (!_textBehindCalls.IsEmpty)
        {
            WriteText(_textBehindCalls.Escaped, output);
            CloseBlock(output);
        }

        var target = Begin(output, "message_delta");
        target.WriteStartObject("delta");
        target.WriteString("stop_reason", MessagesOverChat.StopReason(_refused ? "content_filter" : _finishReason, _calls.Count > 0));
        target.WriteNull("stop_sequence");
        target.WriteEndObject();
        _usage.WriteMessage(target);
        _events.End(output);
        Begin(output, "message_stop");
        _events.End(output);
        _ended = true;
    }

    private void Translate(JsonElement chunk, IBufferWriter<byte> output)
    {
        if (chunk.Optional("error") is not null)
        {
            ProviderError.Read(500, chunk).WriteMessages(_events.Begin(output, "error"), 500);
            _events.End(output);
            _ended = true;
            return;
        }

        Start(chunk, output);
        if (chunk.Member("usage", JsonValueKind.Object) is { } usage)
        {
            _usage = TokenCounts.OfChat(usage);
        }

        if (chunk.First("choices") is not { } choice)
        {
            return;
        }

        if (choice.Member("delta", JsonValueKind.Object) is { } delta)
        {
            TranslateDelta(chunk, delta, output);
        }

        _finishReason = choice.Text("finish_reason")?.GetString() ?? _finishReason;
    }

    private void TranslateDelta(JsonElement chunk, JsonElement delta, IBufferWriter<byte> output)
    {
        if (delta.Words("content") is { } content)
        {
            AddText(JsonText.Escaped(content), output);
        }

        if (delta.Words("refusal") is { } refusal)
        {
            _refused = true;
            AddText(JsonText.Escaped(refusal), output);
        }

        foreach (var call in delta.Items("tool_calls"))
        {
            AddCall(chunk, call, output);
        }
    }

    private void AddText(ReadOnlySpan<byte> escaped, IBufferWriter<byte> output)
    {
        if (_calls.Count > 0)
        {
            _textBehindCalls.Append(escaped);
            return;
        }

        WriteText(escaped, output);
    }

    private void AddCall(JsonElement chunk, JsonElement piece, IBufferWriter<byte> output)
    {
        var index = piece.Count("index") ?? 0;
        var function = piece.Member("function", JsonValueKind.Object);
        if (!_calls.TryGetValue(index, out var call))
        {
            if (_calls.Count == MaxCalls)
            {
                throw new FormatException("The answer calls too many tools.");
            }

            call = new Call(piece.Words("id") is { } id ? JsonText.Escaped(id).ToArray() : ToolCallIds.Made(chunk, index));
            _calls.Add(index, call);
            _waiting.Enqueue(call);
        }

        if (call.Name.Length is 0 && function?.Words("name") is { } name)
        {
            call.Name = JsonText.Escaped(name).ToArray();
        }

        if (function?.Words("arguments") is { } arguments)
        {
            call.Append(JsonText.Escaped(arguments), isOpen: call == _openCall);
            if (call == _openCall)
            {
                WriteArguments(JsonText.Escaped(arguments), output);
            }
        }

        while ((_openCall is null || _openCall.IsComplete) && _waiting.TryPeek(out var next) && next.Name.Length > 0)
        {
            CloseBlock(output);
            Open(_waiting.Dequeue(), output);
        }
    }

    private void Start(JsonElement chunk, IBufferWriter<byte> output)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        var target = Begin(output, "message_start");
        target.WriteStartObject("message");
        MessagesOverChat.WriteHead(target, chunk);
        target.WriteStartArray("content");
        target.WriteEndArray();
        target.WriteNull("stop_reason");
        target.WriteNull("stop_sequence");
        default(TokenCounts).WriteMessage(target);
        target.WriteEndObject();
        _events.End(output);
    }

    private void WriteText(ReadOnlySpan<byte> escaped, IBufferWriter<byte> output)
    {
        if (!_textOpen)
        {
            var start = BeginBlock(output);
            start.WriteString("type", "text");
            start.WriteString("text", string.Empty);
            start.WriteEndObject();
            _events.End(output);
            _textOpen = true;
        }

        WriteDelta("text_delta", "text", escaped, output);
    }

    private void Open(Call call, IBufferWriter<byte> output)
    {
        var start = BeginBlock(output);
        start.WriteString("type", "tool_use");
        start.WriteEscaped("id", default, call.Id);
        start.WriteEscaped("name", default, call.Name);
        start.WriteStartObject("input");
        start.WriteEndObject();
        start.WriteEndObject();
        _events.End(output);
        _openCall = call;
        if (call.TakePending() is { IsEmpty: false } pending)
        {
            WriteArguments(pending.Escaped, output);
        }
    }

    private void WriteArguments(ReadOnlySpan<byte> escaped, IBufferWriter<byte> output) =>
        WriteDelta("input_json_delta", "partial_json", escaped, output);

    private void WriteDelta(string type, string member, ReadOnlySpan<byte> escaped, IBufferWriter<byte> output)
    {
        var target = Begin(output, "content_block_delta");
        target.WriteNumber("index", _block);
        target.WriteStartObject("delta");
        target.WriteString("type", type);
        target.WriteEscaped(member, default, escaped);
        target.WriteEndObject();
        _events.End(output);
    }

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (_textOpen || _openCall is not null)
        {
            Begin(output, "content_block_stop").WriteNumber("index", _block);
            _events.End(output);
            _textOpen = false;
            _openCall = null;
        }
    }

    private Utf8JsonWriter BeginBlock(IBufferWriter<byte> output)
    {
        var target = Begin(output, "content_block_start");
        target.WriteNumber("index", ++_block);
        target.WriteStartObject("content_block");
        return target;
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output, string type)
    {
        var target = _events.Begin(output, type);
        target.WriteString("type", type);
        return target;
    }

    private sealed class Call(byte[] id)
    {
        private ToolArguments _arguments;
        private JoinedText? _pending;

        public byte[] Id { get; } = id;

        public byte[] Name { get; set; } = [];

        public bool IsComplete => _arguments.AreComplete;

        public void Append(ReadOnlySpan<byte> escaped, bool isOpen)
        {
            _arguments.Append(escaped);
            if (!isOpen)
            {
                (_pending ??= new JoinedText()).Append(escaped);
            }
        }

        public JoinedText? TakePending()
        {
            var pending = _pending;
            _pending = null;
            return pending;
        }
    }
}
