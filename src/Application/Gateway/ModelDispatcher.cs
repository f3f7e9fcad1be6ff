using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Gateway;

/// <summary>
/// Brings a request to a model: over its routes in order, going on to the next only where the last cannot have done the work.
/// </summary>
/// <param name="providers">The providers that can be called.</param>
/// <param name="logger">Where a failed route shows; bodies and keys never do.</param>
public sealed partial class ModelDispatcher(IModelProviders providers, ILogger<ModelDispatcher> logger)
{
    private const int LargestRejection = 64 * 1024;

    /// <summary>Sends a request.</summary>
    /// <param name="model">The model.</param>
    /// <param name="callFor">
    /// Makes the request for a route; <see langword="null"/> where the route does not serve it, a refusal where the route's form cannot
    /// say it. Another route may take it as it is.
    /// </param>
    /// <param name="cancellationToken">Cancels the request upstream.</param>
    /// <returns>How it ended. The caller disposes the reply of <see cref="Dispatched.Answered"/>.</returns>
    public async Task<Dispatched> SendAsync(
        CatalogueModel model, Func<ServingRoute, ProviderCall?> callFor, CancellationToken cancellationToken)
    {
        Dispatched outcome = new Dispatched.NotServed();
        TimeSpan? retryAfter = null;
        foreach (var route in providers.RoutesOf(model))
        {
            ProviderCall? call;
            try
            {
                call = callFor(route);
            }
            catch (RefusedException refusal)
            {
                outcome = outcome is Dispatched.NotServed ? new Dispatched.Inexpressible(refusal) : outcome;
                continue;
            }

            if (call is null)
            {
                continue;
            }

            outcome = await SendAsync(route, call, cancellationToken);
            if (outcome is not Dispatched.Failed failed)
            {
                return outcome;
            }

            retryAfter = failed.RetryAfter ?? retryAfter;
            if (failed.Cause is { MayHaveRun: true })
            {
                break;
            }
        }

        return outcome is Dispatched.Failed last ? last with { RetryAfter = retryAfter } : outcome;
    }

    private async Task<Dispatched> SendAsync(ServingRoute route, ProviderCall call, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await route.Provider.SendAsync(call, cancellationToken);
            if (reply.IsSuccess)
            {
                return new Dispatched.Answered(reply, route);
            }

            await using (reply)
            {
                LogRefused(route.Provider.Name, call.Operation, reply.Status, reply.ProviderRequestId);
                var rejection = new Rejection(reply.Provider, reply.Status, await ReadRejectionAsync(reply, cancellationToken))
                {
                    RetryAfter = reply.RetryAfter,
                    Route = route,
                };
                return MayAnotherAnswer(reply.Status)
                    ? new Dispatched.Failed(reply.RetryAfter) { Last = rejection }
                    : new Dispatched.Rejected(rejection);
            }
        }
        catch (ProviderUnreachableException unreachable)
        {
            LogUnreachable(unreachable, route.Provider.Name, call.Operation);
            return new Dispatched.Failed(unreachable.RetryAfter) { Cause = unreachable };
        }
    }

    /// <summary>
    /// A provider that refuses its own credential, or that has not been paid, does not know the model, sends elsewhere, or is
    /// overloaded has not done the work, so another may. A provider that refuses the request itself speaks for the others too.
    /// </summary>
    private static bool MayAnotherAnswer(int status) => status is < 400 or 401 or 402 or 403 or 404 or 408 or 429 or >= 500;

    private static async Task<ReadOnlyMemory<byte>> ReadRejectionAsync(ProviderReply reply, CancellationToken cancellationToken)
    {
        try
        {
            return await reply.ReadBodyAsync(LargestRejection, cancellationToken);
        }
        catch (ProviderUnreachableException)
        {
            // The status alone says that the request was refused.
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Provider {Provider} answered {Operation} with {Status} (its request id: {ProviderRequestId})")]
    private partial void LogRefused(string provider, string operation, int status, string? providerRequestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} gave no answer to {Operation}")]
    private partial void LogUnreachable(Exception exception, string provider, string operation);
}
