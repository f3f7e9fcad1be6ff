using System.Buffers;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Translates between the format in which a client speaks and the one that a provider speaks. An instance serves one call:
/// <see cref="Request"/> comes first, because an answer may repeat fields of its request.
/// </summary>
internal interface ITranslation
{
    /// <summary>The provider's operation (<see cref="ProviderOperations"/>) that serves the client's.</summary>
    string ProviderOperation { get; }

    /// <summary>The client's request as the provider reads it.</summary>
    /// <param name="body">The request, a JSON object.</param>
    /// <exception cref="RefusedException">A field has the wrong type or cannot be expressed: 400 naming the field.</exception>
    ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body);

    /// <summary>The provider's whole answer as the client reads it.</summary>
    /// <param name="body">The answer, as sent.</param>
    /// <exception cref="FormatException">It is not an answer of that operation.</exception>
    ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body);

    /// <summary>A provider's error as the client reads it; keeps its message, type and code as far as they have a counterpart.</summary>
    /// <param name="status">The HTTP status of the error.</param>
    /// <param name="body">The error, as sent: JSON or not.</param>
    ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body);

    /// <summary>Translates one streamed answer; one instance a call.</summary>
    IStreamTranslation Stream();
}

/// <summary>Translates a streamed answer, event by event.</summary>
internal interface IStreamTranslation
{
    /// <summary>Writes what one event of the provider becomes (whole SSE events, blank line included); possibly nothing.</summary>
    /// <param name="name">The event's name; empty where the format names none.</param>
    /// <param name="data">Its data: JSON, or [DONE].</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="FormatException">The data is neither; the stream is not worth reading on.</exception>
    void Translate(string name, ReadOnlyMemory<byte> data, IBufferWriter<byte> output);

    /// <summary>The provider's stream ended properly: writes what is still due (closing events), once.</summary>
    /// <param name="output">Where to write.</param>
    void End(IBufferWriter<byte> output);
}
