using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>
/// Reads PDF, scans included, with Azure Document Intelligence (REST 2024-11-30, model <c>prebuilt-read</c>). Only the
/// configured host is ever called: of the address that the service answers with, the path alone is followed.
/// </summary>
internal sealed class DocumentIntelligenceReader(
    IHttpClientFactory clients, IOptions<DocumentIntelligenceOptions> options, TimeProvider time) : IDocumentTextReader
{
    /// <summary>The name of the HTTP client.</summary>
    public const string Client = "document-intelligence";

    /// <summary>Largest answer, in bytes: the text with the place of every word.</summary>
    public const long MaxAnswerSize = 64L * 1024 * 1024;

    private const string AnalyzePath = "documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> Extensions { get; } = [".pdf"];

    public async Task<string> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var client = clients.CreateClient(Client);
            var operation = await StartAsync(client, content, either.Token);
            return await FinishAsync(client, operation, either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(RagErrors.ExtractionTimedOut, late);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RefusedException(RagErrors.ExtractionFailed, failure);
        }
    }

    private async Task<Uri> StartAsync(HttpClient client, Stream content, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, new Uri(Root(), AnalyzePath));
        request.Content = new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await client.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType)
        {
            throw new RefusedException(RagErrors.Unreadable);
        }

        answer.EnsureSuccessStatusCode();
        var location = answer.Headers.TryGetValues("Operation-Location", out var values) ? values.First() : null;
        return Uri.TryCreate(location, UriKind.Absolute, out var operation)
            ? new UriBuilder(Root()) { Path = operation.AbsolutePath, Query = operation.Query }.Uri
            : throw new HttpRequestException("The service named no operation.");
    }

    private async Task<string> FinishAsync(HttpClient client, Uri operation, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = Request(HttpMethod.Get, operation);
            using var answer = await client.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            using var result = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            switch (result.RootElement.GetProperty("status").GetString())
            {
                case "succeeded":
                    return result.RootElement.GetProperty("analyzeResult").GetProperty("content").GetString() ?? string.Empty;
                case "failed":
                    throw new RefusedException(RagErrors.Unreadable);
                default:
                    await Task.Delay(Pause(answer), time, cancellationToken);
                    break;
            }
        }
    }

    private static TimeSpan Pause(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter?.Delta ?? ShortestPause;
        return asked < ShortestPause ? ShortestPause : asked > LongestPause ? LongestPause : asked;
    }

    private Uri Root() => new(options.Value.Endpoint!.TrimEnd('/') + "/");

    private HttpRequestMessage Request(HttpMethod method, Uri address) =>
        new(method, address) { Headers = { { "Ocp-Apim-Subscription-Key", options.Value.Key } } };
}
