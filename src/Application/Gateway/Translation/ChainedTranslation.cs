using System.Buffers;
using System.Text;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Two translations behind one another: a client's format by way of one between into a provider's. What only the second refuses
/// it names as the format between does.
/// </summary>
/// <param name="near">From the client's format into the one between.</param>
/// <param name="far">From there into the provider's.</param>
internal sealed class ChainedTranslation(ITranslation near, ITranslation far) : ITranslation
{
    /// <inheritdoc/>
    public string ProviderOperation => far.ProviderOperation;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Request(ReadOnlyMemory<byte> body) => far.Request(near.Request(body));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> body) => near.Answer(far.Answer(body));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Error(int status, ReadOnlyMemory<byte> body) => near.Error(status, far.Error(status, body));

    /// <inheritdoc/>
    public IStreamTranslation Stream() => new ChainedStream(near.Stream(), far.Stream());

    private sealed class ChainedStream(IStreamTranslation near, IStreamTranslation far) : IStreamTranslation
    {
        private readonly ArrayBufferWriter<byte> _between = new();

        public void Translate(string name, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
        {
            far.Translate(name, data, _between);
            Forward(output);
        }

        public void End(IBufferWriter<byte> output)
        {
            far.End(_between);
            Forward(output);
            near.End(output);
        }

        /// <summary>Hands on what the first translation wrote: whole events, each of at most one line of either field.</summary>
        private void Forward(IBufferWriter<byte> output)
        {
            var name = string.Empty;
            var written = _between.WrittenMemory;
            while (written.Span.IndexOf((byte)'\n') is var end and >= 0)
            {
                var line = written[..end];
                written = written[(end + 1)..];
                if (line.Span.StartsWith("event: "u8))
                {
                    name = Encoding.UTF8.GetString(line.Span["event: ".Length..]);
                }
                else if (line.Span.StartsWith("data: "u8))
                {
                    near.Translate(name, line["data: ".Length..], output);
                    name = string.Empty;
                }
            }

            _between.ResetWrittenCount();
        }
    }
}
