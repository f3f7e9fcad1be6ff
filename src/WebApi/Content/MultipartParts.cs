using System.Runtime.CompilerServices;
using AiPlatform.Application.Content;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.WebApi.Content;

/// <summary>
/// Reads a multipart body part by part, straight from the connection and only as it is asked for. What is wrong with the
/// body comes out as a refusal.
/// </summary>
internal sealed class MultipartParts(HttpRequest request)
{
    private const int MaxBoundaryLength = 70;

    private long _received;

    /// <summary>The parts, in order; none where the body is not a multipart form.</summary>
    public async IAsyncEnumerable<UploadPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Boundary() is not { } boundary)
        {
            yield break;
        }

        var reader = new MultipartReader(boundary, request.Body);
        while (await GuardAsync(() => new ValueTask<MultipartSection?>(reader.ReadNextSectionAsync(cancellationToken))) is { } section)
        {
            yield return PartOf(section);
        }
    }

    private static string? Unquoted(Microsoft.Extensions.Primitives.StringSegment value) =>
        value.HasValue ? HeaderUtilities.RemoveQuotes(value).ToString() : null;

    // RFC 2046 allows a boundary of 1 to 70 characters.
    private string? Boundary()
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return Unquoted(type.Boundary) is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw new RefusedException(FileErrors.MalformedUpload);
    }

    private UploadPart PartOf(MultipartSection section)
    {
        var disposition = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var parsed)
            ? parsed
            : throw new RefusedException(FileErrors.MalformedUpload);
        return new UploadPart(
            Unquoted(disposition.Name),
            Unquoted(disposition.FileNameStar) ?? Unquoted(disposition.FileName),
            section.ContentType,
            (buffer, cancellationToken) => GuardAsync(() => ReceiveAsync(section.Body, buffer, cancellationToken)));
    }

    private async ValueTask<int> ReceiveAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await body.ReadAsync(buffer, cancellationToken);
        _received += length;
        return _received <= UploadLimits.BytesPerRequest ? length : throw new RefusedException(RequestErrors.BodyTooLarge);
    }

    private async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            request.HttpContext.RequestAborted.ThrowIfCancellationRequested();
            var error = broken is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? RequestErrors.BodyTooLarge
                : FileErrors.MalformedUpload;
            throw new RefusedException(error, broken);
        }
    }
}
