using AiPlatform.Application.Gateway;
using Polly;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>The attempts of one call, made as the policy of its route asks for them. How one ended is told and never thrown.</summary>
/// <param name="address">Where the provider is.</param>
/// <param name="transport">What carries the requests.</param>
/// <param name="call">What is asked.</param>
/// <param name="connection">Whose requests these are.</param>
/// <param name="caller">Cancelled when the caller leaves.</param>
internal sealed class ProviderAttempts(
    ProviderAddress address, ProviderTransport transport, ProviderCall call, ProviderConnection connection, CancellationToken caller)
{
    /// <summary>How long the last answer asked to wait; <see langword="null"/> where there was none, or it did not say.</summary>
    public TimeSpan? AskedToWait { get; private set; }

    /// <summary>Asks once.</summary>
    /// <param name="attempt">Cancelled when the time of the call is over, or its caller leaves.</param>
    public async ValueTask<Outcome<HttpResponseMessage>> NextAsync(CancellationToken attempt)
    {
        try
        {
            connection.Sent();
            using var request = address.RequestFor(call);
            var answer = await transport.Calls.SendAsync(request, attempt);

            // The answer knows its request as long as it is read, which need not keep the body that was sent.
            request.Content = null;
            AskedToWait = RetryAfter.Of(answer, transport.Time);
            return Outcome.FromResult(answer);
        }
        catch (Exception failure)
        {
            return Outcome.FromException<HttpResponseMessage>(Read(failure, attempt));
        }
    }

    /// <summary>That no answer came in time.</summary>
    public static ProviderUnreachableException TimedOut(bool mayHaveRun, Exception late, TimeSpan? retryAfter = null) =>
        new("No answer came in time.", mayHaveRun, late) { Failure = ProviderFailure.TimedOut, RetryAfter = retryAfter };

    private Exception Read(Exception failure, CancellationToken attempt)
    {
        switch (failure)
        {
            case HttpRequestException broken:
                var isBeforeTheRequest = IsBeforeTheRequest(broken);
                return new ProviderUnreachableException("The connection failed.", mayHaveRun: !isBeforeTheRequest, broken)
                {
                    Failure = isBeforeTheRequest ? ProviderFailure.Refused : ProviderFailure.Broken,
                };
            case OperationCanceledException late when !caller.IsCancellationRequested:
                // The deadline is over, or, where it is not, the connection could not be made in time.
                return TimedOut(mayHaveRun: attempt.IsCancellationRequested, late);
            default:
                return failure;
        }
    }

    private static bool IsBeforeTheRequest(HttpRequestException failure) => failure.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
}
