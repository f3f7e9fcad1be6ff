using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>
/// Ends what is under way before a stop runs out of time: a call that is ended tells its caller so and settles its hold, while one
/// that the server drops does neither.
/// </summary>
internal sealed class Stopping : IDisposable
{
    private readonly CancellationTokenSource _patienceIsOver = new();

    public Stopping(IHostApplicationLifetime lifetime, IOptions<PlatformOptions> options) =>
        lifetime.ApplicationStopping.Register(() => _patienceIsOver.CancelAfter(options.Value.StopTimeout * 2 / 3));

    /// <summary>Whether calls that are under way are ended.</summary>
    public bool EndsCalls => _patienceIsOver.IsCancellationRequested;

    /// <summary>Has a call end when its caller leaves, or when the stop waits no longer.</summary>
    /// <returns>To be disposed of with the call.</returns>
    public IDisposable Bind(HttpContext http)
    {
        var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _patienceIsOver.Token);
        http.RequestAborted = either.Token;
        return either;
    }

    public void Dispose() => _patienceIsOver.Dispose();
}
