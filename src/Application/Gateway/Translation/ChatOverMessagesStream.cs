using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Words the events of a message as a streamed chat completion.</summary>
/// <param name="now">The time of the call.</param>
/// <param name="tellsUsage">Whether a last chunk tells the usage.</param>
internal sealed class ChatOverMessagesStream(DateTimeOffset now, bool tellsUsage) : IStreamTranslation
{
    private readonly EventWriter _events = new();

    /// <summary>The positions of the blocks that are calls, in the order of the calls.</summary>
    private readonly Dictionary<int, int> _calls = [];

    private byte[] _id = [];
    private byte[] _model = [];
    private TokenCounts _usage;
    private bool _finished;
    private bool _ended;

    /// <inheritdoc/>
    public void Translate(string name, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (_ended)
        {
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

        _ended = true;
        if (!_finished)
        {
            Finish(null, output);
        }

        if (tellsUsage)
        {
            var target = BeginChunk(output);
            target.WriteEndArray();
            _usage.WriteChat(target);
            _events.End(output);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private void Translate(JsonElement happened, IBufferWriter<byte> output)
    {
        switch (happened.Text("type")?.GetString())
        {
            case "message_start" when happened.Member("message", JsonValueKind.Object) is { } message:
                Start(message, output);
                break;
            case "content_block_start" when happened.Member("content_block", JsonValueKind.Object) is { } block:
                StartBlock(happened, block, output);
                break;
            case "content_block_delta" when happened.Member("delta", JsonValueKind.Object) is { } delta:
                AddToBlock(happened, delta, output);
                break;
            case "message_delta":
                if (happened.Member("usage", JsonValueKind.Object) is { } usage)
                {
                    _usage = TokenCounts.OfMessage(usage, _usage);
                }

                if (!_finished && happened.Member("delta", JsonValueKind.Object)?.Text("stop_reason") is { } reason)
                {
                    Finish(reason.GetString(), output);
                }

                break;
            case "message_stop":
                End(output);
                break;
            case "error":
                ProviderError.Read(500, happened).WriteChat(_events.Begin(output), 500);
                _events.End(output);
                _ended = true;
                break;
        }
    }

    private void Start(JsonElement message, IBufferWriter<byte> output)
    {
        _id = message.Text("id") is { } id ? JsonText.Escaped(id).ToArray() : [];
        _model = message.Text("model") is { } model ? JsonText.Escaped(model).ToArray() : [];
        if (message.Member("usage", JsonValueKind.Object) is { } usage)
        {
            _usage = TokenCounts.OfMessage(usage);
        }

        var delta = BeginDelta(output);
        delta.WriteString("role", "assistant");
        delta.WriteString("content", string.Empty);
        EndDelta(delta, null, output);
    }

    private void StartBlock(JsonElement happened, JsonElement block, IBufferWriter<byte> output)
    {
        if (block.Is("type", "text") && block.Words("text") is { } text)
        {
            WriteText(text, output);
        }
        else if (block.Is("type", "tool_use") && happened.Count("index") is { } index && _calls.TryAdd(index, _calls.Count))
        {
            var position = _calls[index];
            var delta = BeginCall(position, output);
            delta.WriteEscaped("id", default, block.Words("id") is { } id ? JsonText.Escaped(id) : "call"u8);
            delta.WriteString("type", "function");
            delta.WriteStartObject("function");
            delta.WriteEscaped("name", default, block.Text("name") is { } name ? JsonText.Escaped(name) : default);
            delta.WriteString("arguments", string.Empty);
            EndCall(delta, output);
        }
    }

    private void AddToBlock(JsonElement happened, JsonElement delta, IBufferWriter<byte> output)
    {
        if (delta.Is("type", "text_delta") && delta.Words("text") is { } text)
        {
            WriteText(text, output);
        }
        else if (delta.Is("type", "input_json_delta")
            && delta.Words("partial_json") is { } piece
            && happened.Count("index") is { } index
            && _calls.TryGetValue(index, out var position))
        {
            var call = BeginCall(position, output);
            call.WriteStartObject("function");
            call.WriteAsIs("arguments", piece);
            EndCall(call, output);
        }
    }

    private void WriteText(JsonElement text, IBufferWriter<byte> output)
    {
        var delta = BeginDelta(output);
        delta.WriteAsIs("content", text);
        EndDelta(delta, null, output);
    }

    private void Finish(string? stopReason, IBufferWriter<byte> output)
    {
        _finished = true;
        EndDelta(BeginDelta(output), ChatOverMessages.FinishReason(stopReason), output);
    }

    private Utf8JsonWriter BeginChunk(IBufferWriter<byte> output)
    {
        var target = _events.Begin(output);
        target.WriteEscaped("id", "chatcmpl-"u8, _id);
        target.WriteString("object", "chat.completion.chunk");
        target.WriteNumber("created", now.ToUnixTimeSeconds());
        target.WriteEscaped("model", default, _model);
        target.WriteStartArray("choices");
        return target;
    }

    private Utf8JsonWriter BeginDelta(IBufferWriter<byte> output)
    {
        var target = BeginChunk(output);
        target.WriteStartObject();
        target.WriteNumber("index", 0);
        target.WriteStartObject("delta");
        return target;
    }

    private void EndDelta(Utf8JsonWriter delta, string? finishReason, IBufferWriter<byte> output)
    {
        delta.WriteEndObject();
        delta.WriteString("finish_reason", finishReason);
        delta.WriteEndObject();
        delta.WriteEndArray();
        _events.End(output);
    }

    private Utf8JsonWriter BeginCall(int position, IBufferWriter<byte> output)
    {
        var delta = BeginDelta(output);
        delta.WriteStartArray("tool_calls");
        delta.WriteStartObject();
        delta.WriteNumber("index", position);
        return delta;
    }

    private void EndCall(Utf8JsonWriter delta, IBufferWriter<byte> output)
    {
        delta.WriteEndObject();
        delta.WriteEndObject();
        delta.WriteEndArray();
        EndDelta(delta, null, output);
    }
}
