namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Keeps images that models made. Implemented by the capability that owns the blob store.</summary>
public interface IGeneratedImages
{
    /// <summary>Stores an image, private, and signs a URL that reads it.</summary>
    /// <param name="name">The blob's name, <c>image-&lt;uuid&gt;.png</c>; never used before.</param>
    /// <param name="png">The image, <c>image/png</c>.</param>
    /// <param name="cancellationToken">Gives up before the image is stored.</param>
    /// <returns>An absolute URL that reads the image for 24 hours.</returns>
    Task<string> StoreAsync(string name, ReadOnlyMemory<byte> png, CancellationToken cancellationToken);
}
