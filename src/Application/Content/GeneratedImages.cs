using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Content;

namespace AiPlatform.Application.Content;

/// <summary>Keeps images that models made beside the uploads, in a container of their own.</summary>
public sealed class GeneratedImages(IBlobStore blobs, StorageSettings settings, TimeProvider time) : IGeneratedImages
{
    /// <summary>The media type of every image.</summary>
    public const string ContentType = "image/png";

    /// <inheritdoc/>
    public async Task<string> StoreAsync(string name, ReadOnlyMemory<byte> png, CancellationToken cancellationToken)
    {
        var address = new BlobAddress(settings.ImageContainer, name);
        using var content = new MemoryStream(png.ToArray(), writable: false);
        await blobs.PutAsync(address, content, ContentType, cancellationToken);
        return blobs.SignedUrl(address, new BlobPresentation(name, ContentType), time.GetUtcNow() + settings.ImageUrlLifetime).AbsoluteUri;
    }
}
