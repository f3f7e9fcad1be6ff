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

    /// <summary>Sends a request and answers with the first success, whose body is still to be read.</summary>
    /// <param name="model">The model.</param>
    /// <param name="operation">One of <see cref="ProviderOperations"/>.</param>
    /// <param name="bodyFor">Makes the JSON body for the name that a provider gives the model.</param>
    /// <param name="cancellationToken">Cancels the request upstream.</param>
    /// <returns>A successful answer. The caller disposes it.</returns>
    /// <exception cref="RefusedException">A provider refused the request, every route failed, or there is none.</exception>
    public async Task<ProviderReply> SendAsync(
        CatalogueModel model, string operation, Func<string, ReadOnlyMemory<byte>> bodyFor, CancellationToken cancellationToken)
    {
        var routes = providers.RoutesOf(model).Where(route => route.Provider.Serves(operation)).ToList();
        if (routes.Count == 0)
        {
            throw new RefusedException(GatewayErrors.NotConfigured);
        }

        TimeSpan? retryAfter = null;
        foreach (var (provider, upstreamModel) in routes)
        {
            try
            {
                var reply = await provider.SendAsync(
                    new ProviderCall(operation, upstreamModel, bodyFor(upstreamModel)), cancellationToken);
                if (reply.IsSuccess)
                {
                    return reply;
                }

                await using (reply)
                {
                    LogRefused(provider.Name, operation, reply.Status, reply.ProviderRequestId);
                    await ThrowUnlessAnotherMayAnswerAsync(reply, cancellationToken);
                    retryAfter = reply.RetryAfter ?? retryAfter;
                }
            }
            catch (ProviderUnreachableException unreachable)
            {
                LogUnreachable(unreachable, provider.Name, operation);
                retryAfter = unreachable.RetryAfter ?? retryAfter;
                if (unreachable.MayHaveRun)
                {
                    throw new RefusedException(GatewayErrors.Failed(retryAfter), unreachable);
                }
            }
        }

        throw new RefusedException(GatewayErrors.Failed(retryAfter));
    }

    /// <summary>
    /// A provider that refuses its own credential, does not know the model, or is overloaded has not done the work, so another
    /// may. A provider that refuses the request itself speaks for the others too.
    /// </summary>
    private static async Task ThrowUnlessAnotherMayAnswerAsync(ProviderReply reply, CancellationToken cancellationToken)
    {
        switch (reply.Status)
        {
            case 400 or 422:
                throw new RefusedException(GatewayErrors.RejectedWith(await ReadRejectionAsync(reply, cancellationToken)));
            case 401 or 403 or 404 or 408 or 429 or >= 500:
                return;
            default:
                throw new RefusedException(GatewayErrors.Failed(reply.RetryAfter));
        }
    }

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
