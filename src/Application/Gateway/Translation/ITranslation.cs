using System.Buffers;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Translates between the format in which a client speaks and the one that a provider speaks.</summary>
internal interface ITranslation
{
    /// <summary>The provider's operation that serves the client's, one of <see cref="ProviderOperations"/>.</summary>
    string ProviderOperation { get; }

    /// <summary>The client's request as the provider reads it.</summary>
    /// <param name="body">One JSON object.</param>
    /// <exception cref="Domain.Shared.RefusedException">A field has the wrong type or cannot be expressed: 400 naming the field.</exception>
    ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body);

    /// <summary>The provider's whole answer as the client reads it.</summary>
    /// <param name="body">The provider's answer.</param>
    /// <exception cref="FormatException">It is not an answer of that operation.</exception>
    ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body);

    /// <summary>A provider's error as the client reads it; keeps its message, type and code as far as they have a counterpart.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The provider's answer.</param>
    ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body);

    /// <summary>Translates one streamed answer; one instance a call.</summary>
    IStreamTranslation Stream();
}

/// <summary>Translates one streamed answer.</summary>
internal interface IStreamTranslation
{
    /// <summary>Writes what one event of the provider becomes: whole events, blank line included; possibly nothing.</summary>
    /// <param name="name">The event's name; empty where the format names none.</param>
    /// <param name="data">Its data, JSON.</param>
    /// <param name="output">Where it goes.</param>
    void Translate(string name, ReadOnlyMemory<byte> data, IBufferWriter<byte> output);

    /// <summary>The provider's stream ended properly: writes what is still due, once.</summary>
    /// <param name="output">Where it goes.</param>
    void End(IBufferWriter<byte> output);
}
