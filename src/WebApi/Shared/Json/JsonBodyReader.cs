using System.Text.Json;
using System.Text.Unicode;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>Reads JSON bodies, within the bounds of their route and of <see cref="BodyOptions"/>.</summary>
internal sealed class JsonBodyReader(IOptions<BodyOptions> options)
{
    /// <summary>What is set aside for a body before any of it has come, in bytes: an announcement costs its sender nothing.</summary>
    private const int FirstBuffer = 64 * 1024;

    /// <summary>What is set aside for a body that announces no length, in bytes.</summary>
    private const int ShortBody = 4096;

    private static readonly JsonBodyBoundsAttribute Usual = new(JsonBodyAttribute.MaxBytes, JsonBodyAttribute.MaxDepth);

    /// <summary>Reads a body. It never refuses: the pipeline judges how it could be read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffers">Where the body lies; it holds as long as they do.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="BadHttpRequestException">The body broke off.</exception>
    public async Task<CallBody> ReadAsync(HttpRequest request, BodyBuffers buffers, CancellationToken cancellationToken)
    {
        var bounds = request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<JsonBodyBoundsAttribute>() ?? Usual;
        if (request.ContentLength > bounds.MaxBytes)
        {
            return new CallBody(BodyState.TooLarge, default);
        }

        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clock.CancelAfter(options.Value.Timeout);
        try
        {
            return await ReadAsync(request, buffers.Take(), bounds, clock.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallBody(BodyState.TooSlow, default);
        }
    }

    private static async Task<CallBody> ReadAsync(
        HttpRequest request, BodyBuffer buffer, JsonBodyBoundsAttribute bounds, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is seen without the buffer growing.
        var announced = (int)(request.ContentLength ?? ShortBody) + 1;
        while (await ReceiveAsync(request, Room(buffer, announced), cancellationToken) is var read and > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > bounds.MaxBytes)
            {
                return new CallBody(BodyState.TooLarge, default);
            }
        }

        if (FormBody.IsForm(request))
        {
            return FormBody.Read(buffer.Written);
        }

        return IsObject(buffer.Written, bounds.MaxDepth) ? new CallBody(BodyState.Read, buffer.Written) : default;
    }

    /// <summary>Room for what comes next: once the first part is there, for all that was announced.</summary>
    private static Memory<byte> Room(BodyBuffer buffer, int announced) =>
        buffer.Room(buffer.Length == 0 ? Math.Min(announced, FirstBuffer) : announced);

    /// <summary>Reads on; a connection that breaks off, or chunks that are none, are the caller's fault and not the platform's.</summary>
    private static async ValueTask<int> ReceiveAsync(HttpRequest request, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new BadHttpRequestException("The body broke off.", StatusCodes.Status400BadRequest, broken);
        }
    }

    private static bool IsObject(ReadOnlyMemory<byte> bytes, int maxDepth)
    {
        try
        {
            if (!Utf8.IsValid(bytes.Span))
            {
                return false;
            }

            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.EnumerateObject().Any();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member's name is half a surrogate pair.
            return false;
        }
    }
}
