using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>What every provider over HTTP shares.</summary>
internal sealed class ProviderTransport(
    IHttpClientFactory clients, IHttpMessageHandlerFactory handlers, ProviderResilience resilience, TimeProvider time)
{
    public const string ClientName = "providers";

    // One client for good: its handler renews connections by itself and is never replaced.
    public HttpClient Client { get; } = clients.CreateClient(ClientName);

    // The same connections without what a client adds to each request: limits and a cancellation of its own.
    public HttpMessageInvoker Calls { get; } = new(handlers.CreateHandler(ClientName), disposeHandler: false);

    public ProviderResilience Resilience { get; } = resilience;

    public TimeProvider Time { get; } = time;
}

/// <summary>Registers the transport.</summary>
internal static class ProviderTransportRegistration
{
    public static void AddProviderTransport(this IServiceCollection services)
    {
        services.AddSingleton<ProviderTransport>();
        services.AddHttpClient(ProviderTransport.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.MaxResponseHeadersLength = 64;

                // An answer that is let go is not read to its end: the provider would go on working, and billing, unseen.
                handler.ResponseDrainTimeout = TimeSpan.FromMilliseconds(100);

                // A key goes to the configured address and to no other, and no call carries anything of an earlier one.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.UseProxy = false;
                handler.ActivityHeadersPropagator = null;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
    }
}
