using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>A body that arrives piece by piece, a moment apart, as a model's would.</summary>
/// <param name="pieces">The pieces, made as they are read.</param>
/// <param name="time">The clock.</param>
internal sealed class SandboxStream(IEnumerable<byte[]> pieces, TimeProvider time) : IProviderBody
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly IEnumerator<byte[]> _pieces = pieces.GetEnumerator();
    private ReadOnlyMemory<byte> _left;
    private bool _hasBegun;

    public CancellationToken Deadline => CancellationToken.None;

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_left.IsEmpty || !_pieces.MoveNext())
        {
            return;
        }

        if (_hasBegun)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        (_left, _hasBegun) = (_pieces.Current, true);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        var read = Math.Min(buffer.Length, _left.Length);
        _left[..read].CopyTo(buffer);
        _left = _left[read..];
        return read;
    }

    public ValueTask DisposeAsync()
    {
        _pieces.Dispose();
        return ValueTask.CompletedTask;
    }
}
