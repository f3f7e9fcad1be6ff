using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Application.Shared;

/// <summary>
/// A writer of JSON and its buffer, which one thread uses again and again: every call writes a few texts of which nothing is
/// kept but a string.
/// </summary>
internal sealed class JsonScratch : IDisposable
{
    private const int UsualBytes = 2 * 1024;

    /// <summary>A larger buffer is not kept for the next text, in bytes.</summary>
    private const int MostKeptBytes = 64 * 1024;

    private readonly Utf8JsonWriter _writer;

    private ArrayBufferWriter<byte> _bytes = new(UsualBytes);

    public JsonScratch(JsonWriterOptions options = default)
    {
        _writer = new Utf8JsonWriter(_bytes, options);
    }

    /// <summary>The writer, for a new text; whatever was written before is gone.</summary>
    public Utf8JsonWriter Start()
    {
        if (_bytes.Capacity > MostKeptBytes)
        {
            _bytes = new ArrayBufferWriter<byte>(UsualBytes);
        }
        else
        {
            _bytes.ResetWrittenCount();
        }

        _writer.Reset(_bytes);
        return _writer;
    }

    /// <summary>What was written, whole or not; it stays until the next start.</summary>
    public ReadOnlySpan<byte> End()
    {
        _writer.Flush();
        return _bytes.WrittenSpan;
    }

    public void Dispose() => _writer.Dispose();
}
