using AiPlatform.Domain.Content;

namespace AiPlatform.Application.Content;

/// <summary>How a browser that follows a link should treat the bytes.</summary>
/// <param name="FileName">What to call them when they are saved.</param>
/// <param name="ContentType">Their media type.</param>
public sealed record BlobPresentation(string FileName, string ContentType)
{
    /// <summary>Whether they may be shown instead of saved.</summary>
    public bool IsInline => StoredFile.IsShownInline(ContentType);
}

/// <summary>Keeps bytes, privately: nothing is readable without a signed link.</summary>
public interface IBlobStore
{
    /// <summary>Stores a stream as it arrives, without holding all of it; a blob appears whole or not at all.</summary>
    /// <param name="address">Where; never used before.</param>
    /// <param name="content">The bytes; what it throws comes out unchanged.</param>
    /// <param name="contentType">Their media type.</param>
    /// <param name="cancellationToken">Gives up, leaving no blob.</param>
    Task PutAsync(BlobAddress address, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading; <see langword="null"/> where there is none.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Stream?> OpenReadAsync(BlobAddress address, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; one that is missing is no error.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DeleteAsync(BlobAddress address, CancellationToken cancellationToken);

    /// <summary>An absolute URL that reads one blob, and nothing else, until an instant.</summary>
    /// <param name="address">Where it lies; it need not exist yet.</param>
    /// <param name="presentation">How a browser should treat it.</param>
    /// <param name="expiresAt">The first instant at which the URL is refused, UTC; counted in whole seconds.</param>
    Uri SignedUrl(BlobAddress address, BlobPresentation presentation, DateTimeOffset expiresAt);
}
