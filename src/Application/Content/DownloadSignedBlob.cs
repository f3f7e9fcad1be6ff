using System.Globalization;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Reads a blob by a signed link.</summary>
/// <param name="Container">The container that the link names.</param>
/// <param name="Blob">The blob that the link names.</param>
/// <param name="Expires">The link's expiry, in seconds since 1970 UTC.</param>
/// <param name="Signature">The link's signature.</param>
[AllowAnonymousCaller("the signature in the link is the permission")]
[Refuses(typeof(FileErrors), nameof(FileErrors.LinkInvalid), nameof(FileErrors.LinkTargetMissing))]
[OmitBodiesFromAudit]
public sealed record DownloadSignedBlobQuery(string? Container, string? Blob, string? Expires, string? Signature) : IRequest<BlobDownload>;

/// <summary>A blob, open for reading.</summary>
/// <param name="Content">Its bytes; whoever answers disposes them.</param>
/// <param name="Presentation">How a browser should treat them.</param>
public sealed record BlobDownload(Stream Content, BlobPresentation Presentation);

internal sealed class DownloadSignedBlobHandler(IContentDb db, IBlobStore blobs, IBlobLinks links, StorageSettings settings, TimeProvider time)
    : IRequestHandler<DownloadSignedBlobQuery, BlobDownload>
{
    public async Task<BlobDownload> Handle(DownloadSignedBlobQuery request, CancellationToken cancellationToken)
    {
        var address = Verify(request);
        var presentation = await DescribeAsync(address, cancellationToken);
        var content = presentation is null ? null : await blobs.OpenReadAsync(address, cancellationToken);
        return content is null ? throw new RefusedException(FileErrors.LinkTargetMissing) : new BlobDownload(content, presentation!);
    }

    private BlobAddress Verify(DownloadSignedBlobQuery request)
    {
        var address = BlobAddress.TryCreate(request.Container, request.Blob);
        return address is not null
            && request.Signature is not null
            && long.TryParse(request.Expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && links.IsGenuine(address, expires, request.Signature)
            && time.GetUtcNow().ToUnixTimeSeconds() < expires
            ? address
            : throw new RefusedException(FileErrors.LinkInvalid);
    }

    // A link says where bytes lie, not what they are: that is in the row of an upload, and images are all of one type.
    private async Task<BlobPresentation?> DescribeAsync(BlobAddress address, CancellationToken cancellationToken)
    {
        if (address.Container == settings.ImageContainer)
        {
            return new BlobPresentation(address.Name, GeneratedImages.ContentType);
        }

        return await db.Files
            .Where(file => file.Container == address.Container && file.BlobName == address.Name)
            .Select(file => new BlobPresentation(file.OriginalName, file.ContentType))
            .FirstOrDefaultAsync(cancellationToken);
    }
}
