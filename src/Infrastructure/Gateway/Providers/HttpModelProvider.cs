using AiPlatform.Application.Gateway;
using Polly.CircuitBreaker;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>A provider over HTTP. Bodies pass in both directions as they are.</summary>
internal sealed class HttpModelProvider(ProviderSettings settings, ProviderAddress address, ProviderTransport transport) : IModelProvider
{
    private const int LongestRequestId = 100;

    private static readonly string[] RequestIdHeaders = ["x-request-id", "apim-request-id"];

    public string Name => settings.Name;

    public bool Serves(string operation) => operation is not ProviderOperations.Messages;

    public async Task<ProviderReply> SendAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        // One deadline for every attempt and for the body, which is read after this method has answered.
        var deadline = new CancellationTokenSource(settings.Timeout, transport.Time);
        HttpResponseMessage? response = null;
        TimeSpan? askedToWait = null;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            response = await transport.Resilience.PipelineOf(Name, call.UpstreamModel).ExecuteAsync(
                async attempt =>
                {
                    var answer = await AttemptAsync(call, attempt, cancellationToken);
                    askedToWait = RetryAfter.Of(answer, transport.Time);
                    return answer;
                },
                either.Token);
            return await ReplyAsync(response, deadline);
        }
        catch (BrokenCircuitException open)
        {
            deadline.Dispose();
            throw new ProviderUnreachableException("The route failed too often.", mayHaveRun: false, open) { RetryAfter = open.RetryAfter };
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            // An attempt speaks for itself, so without a response time ran out between two of them: after one that may be repeated.
            deadline.Dispose();
            throw new ProviderUnreachableException("No answer came in time.", mayHaveRun: response is not null, late)
            {
                RetryAfter = askedToWait,
            };
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(ProviderCall call, CancellationToken attempt, CancellationToken caller)
    {
        using var request = address.RequestFor(call);
        try
        {
            return await transport.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt);
        }
        catch (HttpRequestException failure)
        {
            throw new ProviderUnreachableException("The connection failed.", mayHaveRun: !IsBeforeTheRequest(failure), failure);
        }
        catch (OperationCanceledException late) when (!caller.IsCancellationRequested)
        {
            // The deadline is over, or, where it is not, the connection could not be made in time.
            throw new ProviderUnreachableException("No answer came in time.", mayHaveRun: attempt.IsCancellationRequested, late);
        }
    }

    private static bool IsBeforeTheRequest(HttpRequestException failure) => failure.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    private async Task<ProviderReply> ReplyAsync(HttpResponseMessage response, CancellationTokenSource deadline)
    {
        var body = await response.Content.ReadAsStreamAsync(deadline.Token);
        return new ProviderReply(Name, (int)response.StatusCode, body, deadline.Token, new Connection(response, deadline))
        {
            ContentLength = response.Content.Headers.ContentLength,
            ContentType = response.Content.Headers.ContentType?.ToString(),
            RetryAfter = RetryAfter.Of(response, transport.Time),
            ProviderRequestId = RequestIdOf(response),
        };
    }

    private static string? RequestIdOf(HttpResponseMessage response)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (response.Headers.TryGetValues(name, out var values) && values.First() is { Length: <= LongestRequestId } id)
            {
                return id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? id : null;
            }
        }

        return null;
    }

    private sealed class Connection(HttpResponseMessage response, CancellationTokenSource deadline) : IDisposable
    {
        public void Dispose()
        {
            response.Dispose();
            deadline.Dispose();
        }
    }
}
