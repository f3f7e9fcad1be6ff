using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>
/// The JSON body of a request to a provider, sent piece by piece from where it lies. The memory is the call's: over HTTP/1.1, the
/// only version that providers are asked in, nothing of a body is read any more once its answer, or its failure, is there.
/// </summary>
internal sealed class CallContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlySequence<byte> _body;

    public CallContent(ReadOnlySequence<byte> body)
    {
        _body = body;
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _body)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
