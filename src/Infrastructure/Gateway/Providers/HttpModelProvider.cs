using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using Polly;
using Polly.CircuitBreaker;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>A provider over HTTP. Bodies pass in both directions as they are.</summary>
/// <param name="settings">What is configured.</param>
/// <param name="address">Where it is, and what it wants to see.</param>
/// <param name="operations">What it serves.</param>
/// <param name="transport">What it shares with the others.</param>
internal sealed class HttpModelProvider(
    ProviderSettings settings, ProviderAddress address, IReadOnlySet<string> operations, ProviderTransport transport)
    : IModelProvider, IWatchedProvider, IListsModels
{
    private const int LongestRequestId = 100;
    private const string EventStream = "text/event-stream";
    private const int LargestModelList = 4 * 1024 * 1024;

    private static readonly string[] RequestIdHeaders = ["x-request-id", "apim-request-id", "request-id"];

    private readonly ProviderSlots _slots = new(settings.MaxConcurrency, settings.QueueTimeout, transport.Time);
    private readonly ProviderTraffic _traffic = new(transport.Time);

    public string Name => settings.Name;

    public ProviderHealth Health => _traffic.Read(transport.Resilience.CircuitsOf(Name));

    public bool Serves(string operation) => operations.Contains(operation);

    public async Task<ProviderReply> SendAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var connection = new ProviderConnection(_traffic, settings.Timeout, transport.Time);
        try
        {
            connection.Slot = await _slots.TakeAsync(connection.Deadline, cancellationToken);
            var response = await ExchangeAsync(call, connection, cancellationToken);
            connection.Take(response);
            if (call.IsStream && response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: EventStream })
            {
                connection.BecomeStream(settings.StreamTimeout, settings.IdleTimeout);
            }

            return ReplyOf(response, connection);
        }
        catch (ProviderUnreachableException failure)
        {
            connection.Fail(OutcomeOf(failure));
            await connection.DisposeAsync();
            throw;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<ReadOnlyMemory<byte>> ListModelsAsync(CancellationToken cancellationToken)
    {
        using var request = address.RequestForModels();
        using var response = await transport.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(LargestModelList, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Asks, and asks again where that is safe, until there is a status.</summary>
    private async Task<HttpResponseMessage> ExchangeAsync(ProviderCall call, ProviderConnection connection, CancellationToken cancellationToken)
    {
        var attempts = new ProviderAttempts(address, transport, call, connection, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(connection.Deadline);
        try
        {
            using var leaving = connection.EndWith(cancellationToken);
            var outcome = await transport.Resilience.PipelineOf(Name, call.UpstreamModel).ExecuteOutcomeAsync(
                static (context, attempts) => attempts.NextAsync(context.CancellationToken), context, attempts);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        catch (BrokenCircuitException open)
        {
            throw new ProviderUnreachableException("The route failed too often.", mayHaveRun: false, open)
            {
                Failure = ProviderFailure.NotSent,
                RetryAfter = open.RetryAfter,
            };
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            // An attempt speaks for itself, so time ran out between two of them: after one that may be repeated.
            throw ProviderAttempts.TimedOut(mayHaveRun: false, late, attempts.AskedToWait);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static CallOutcome OutcomeOf(ProviderUnreachableException failure) => failure.Failure switch
    {
        ProviderFailure.NotSent => CallOutcome.NotSent,
        ProviderFailure.Refused => CallOutcome.Refused,
        ProviderFailure.TimedOut => CallOutcome.TimedOut,
        _ => CallOutcome.Broken,
    };

    private ProviderReply ReplyOf(HttpResponseMessage response, ProviderConnection connection) =>
        new(Name, (int)response.StatusCode, connection)
        {
            ContentLength = response.Content.Headers.ContentLength,
            ContentType = response.Content.Headers.ContentType?.ToString(),
            RetryAfter = RetryAfter.Of(response, transport.Time),
            ProviderRequestId = RequestIdOf(response),
        };

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
}
