using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Application.Commerce;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>
/// Stripe's REST API. What it answers is one of three: an object, a refusal that says that nothing was done, or nothing that settles
/// anything. Nothing is repeated here: whoever asks knows whether that may be done.
/// </summary>
internal sealed class StripeClient(HttpClient http)
{
    /// <summary>The version that requests and answers are in, whatever the account's own is.</summary>
    public const string Version = "2025-08-27.basil";

    /// <summary>Largest answer, in bytes: a hundred charges take less than a tenth of it.</summary>
    public const int MaxAnswerSize = 8 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads an object or a list.</summary>
    /// <exception cref="StripeRefusedException">Stripe refuses.</exception>
    /// <exception cref="PaymentUncertainException">Stripe did not answer.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>Makes or changes an object, once within a day under one key; without a key as often as it is asked.</summary>
    /// <exception cref="StripeRefusedException">Stripe refuses: nothing was done.</exception>
    /// <exception cref="PaymentUncertainException">Whether it was done is not known.</exception>
    public Task<T> PostAsync<T>(string path, string? idempotencyKey, StripeForm form, CancellationToken cancellationToken)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync<T>(request, cancellationToken);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
        where T : class
    {
        using (request)
        {
            try
            {
                using var answer = await http.SendAsync(request, cancellationToken);
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return JsonSerializer.Deserialize<T>(body, Json) ?? throw new PaymentUncertainException("Stripe answered with nothing.");
                }

                throw RefusalOf(answer.StatusCode, body);
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw new PaymentUncertainException("Stripe did not answer in time.", late);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
            {
                throw new PaymentUncertainException("Stripe could not be reached, or its answer could not be read.", failure);
            }
        }
    }

    /// <summary>
    /// Stripe keeps the outcome of a request by its key from the moment it is carried out: a refusal is final. A request that met
    /// another one with the same key, or too many, or a failure, may be carried out yet or have been.
    /// </summary>
    private static Exception RefusalOf(HttpStatusCode status, byte[] body)
    {
        var isFinal = (int)status is >= 400 and < 500
            && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests);
        if (!isFinal)
        {
            return new PaymentUncertainException($"Stripe answered with status {(int)status}.");
        }

        var error = JsonSerializer.Deserialize<StripeErrorBody>(body, Json)?.Error;
        return error is null || error.Type == "idempotency_error"
            ? new PaymentUncertainException($"Stripe answered with status {(int)status} and no refusal.")
            : new StripeRefusedException(status, error);
    }
}

/// <summary>Fields of a form, in order.</summary>
internal sealed class StripeForm : List<KeyValuePair<string, string>>
{
    /// <summary>Adds a field.</summary>
    public void Add(string name, string value) => Add(KeyValuePair.Create(name, value));

    /// <summary>Adds a field, unless it has no value.</summary>
    public StripeForm With(string name, string? value)
    {
        if (value is not null)
        {
            Add(name, value);
        }

        return this;
    }
}

/// <summary>Stripe refuses: what was asked was not done, and will not be.</summary>
internal sealed class StripeRefusedException(HttpStatusCode status, StripeError error)
    : Exception($"Stripe refused with status {(int)status}, type {error.Type}, code {error.DeclineCode ?? error.Code}.")
{
    public HttpStatusCode Status { get; } = status;

    public StripeError Error { get; } = error;

    /// <summary>Whether the key is no key of Stripe's, or may not do this.</summary>
    public bool IsOfTheKey => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
}

/// <summary>Registers the client.</summary>
internal static class StripeClientRegistration
{
    public static void AddStripeClient(this IServiceCollection services) => services
        .AddHttpClient<StripeClient>((provider, client) =>
        {
            var options = provider.GetRequiredService<IOptions<StripeOptions>>().Value;
            client.BaseAddress = new Uri(options.ApiBase.TrimEnd('/') + "/");
            client.Timeout = options.Timeout;
            client.MaxResponseContentBufferSize = StripeClient.MaxAnswerSize;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
            client.DefaultRequestHeaders.Add("Stripe-Version", StripeClient.Version);
        })
        .UseSocketsHttpHandler((handler, _) =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            handler.MaxResponseHeadersLength = 64;

            // The key goes to the configured address and to no other.
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            handler.ActivityHeadersPropagator = null;
        })
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers();
}
