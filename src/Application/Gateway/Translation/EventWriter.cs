using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Writes server-sent events whose data is one JSON object, all with one JSON writer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A writer over another's buffer holds nothing to let go.")]
internal sealed class EventWriter
{
    private readonly Utf8JsonWriter _data = new(Stream.Null, TranslatedBody.Plain);

    /// <summary>Begins an event; what it holds is written to the writer that it returns.</summary>
    /// <param name="output">Where the event goes.</param>
    /// <param name="name">Its name; empty where the format names none.</param>
    public Utf8JsonWriter Begin(IBufferWriter<byte> output, string name = "")
    {
        if (name.Length > 0)
        {
            output.Write("event: "u8);
            Encoding.UTF8.GetBytes(name, output);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        _data.Reset(output);
        _data.WriteStartObject();
        return _data;
    }

    /// <summary>Ends the event.</summary>
    /// <param name="output">Where the event goes.</param>
    public void End(IBufferWriter<byte> output)
    {
        _data.WriteEndObject();
        _data.Flush();
        output.Write("\n\n"u8);
    }
}
