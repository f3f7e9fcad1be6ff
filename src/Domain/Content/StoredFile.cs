using System.Net.Http.Headers;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Content;

/// <summary>A file that somebody uploaded: whose it is, what it was called, and where its bytes lie.</summary>
public sealed class StoredFile
{
    /// <summary>Longest content type, in characters.</summary>
    public const int MaxContentTypeLength = 127;

    /// <summary>The content type of a file that was sent without one.</summary>
    public const string DefaultContentType = "application/octet-stream";

    private static readonly HashSet<string> ShownInline = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf",
    };

    private StoredFile()
    {
        OriginalName = BlobName = Container = ContentType = string.Empty;
    }

    /// <summary>Names a file that is about to be stored.</summary>
    /// <param name="ownerUserId">The account that uploads it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="contentType">The media type as sent; <see cref="DefaultContentType"/> where none was.</param>
    /// <param name="container">The container that receives it.</param>
    /// <param name="now">The time of the upload.</param>
    /// <exception cref="RefusedException">The content type is not one.</exception>
    public StoredFile(Guid ownerUserId, FileName name, string? contentType, string container, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(name);
        Id = Guid.CreateVersion7(now);
        OwnerUserId = ownerUserId;
        OriginalName = name.Value;
        ContentType = Accept(contentType);
        var address = new BlobAddress(container, $"{Id:D}{name.SafeExtension}");
        (Container, BlobName) = (address.Container, address.Name);
        CreatedAt = now;
    }

    /// <summary>UUIDv7; also the stem of the blob's name.</summary>
    public Guid Id { get; private set; }

    /// <summary>The account that uploaded it.</summary>
    public Guid OwnerUserId { get; private set; }

    /// <summary>What the client called it, without any path.</summary>
    public string OriginalName { get; private set; }

    /// <summary>The container that holds its bytes.</summary>
    public string Container { get; private set; }

    /// <summary>The name of its bytes within the container; unique.</summary>
    public string BlobName { get; private set; }

    /// <summary>The media type as sent, parameters included.</summary>
    public string ContentType { get; private set; }

    /// <summary>Size in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>When it was uploaded, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Where its bytes lie.</summary>
    public BlobAddress Address => new(Container, BlobName);

    /// <summary>Its name as a value.</summary>
    public FileName Name => FileName.Accepted(OriginalName);

    /// <summary>Whether a browser may show it instead of saving it: only types that cannot run script.</summary>
    /// <param name="contentType">The media type, with or without parameters.</param>
    public static bool IsShownInline(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return ShownInline.Contains(contentType.Split(';', 2)[0].Trim());
    }

    /// <summary>Notes what was stored.</summary>
    /// <param name="size">Bytes, zero or more.</param>
    /// <param name="sha256">Their SHA-256, lower-case hexadecimal.</param>
    public void Received(long size, string sha256)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        (Size, Sha256) = (size, sha256);
    }

    /// <summary>Whether an account may read and delete the file.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="administers">Whether it is an administrator's.</param>
    public bool IsOpenTo(Guid userId, bool administers) => administers || OwnerUserId == userId;

    private static string Accept(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return DefaultContentType;
        }

        var trimmed = contentType.Trim();
        return trimmed.Length <= MaxContentTypeLength
            && trimmed.All(character => character is >= ' ' and <= '~')
            && MediaTypeHeaderValue.TryParse(trimmed, out _)
            ? trimmed
            : throw new RefusedException(FileErrors.InvalidContentType);
    }
}
