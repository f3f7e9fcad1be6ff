using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content;

/// <summary>Blobs as files: one folder a container. A <see cref="BlobAddress"/> cannot name a path outside it.</summary>
internal sealed class LocalBlobStore(IOptions<StorageOptions> storage, IOptions<PlatformOptions> platform, IBlobLinks links) : IBlobStore
{
    /// <summary>Starts with a dot, which no container does.</summary>
    private const string IncomingFolder = ".incoming";

    private const int BufferSize = 81_920;

    private readonly string _root = Path.GetFullPath(storage.Value.Path);

    private readonly string _publicUrl = platform.Value.PublicUrl.TrimEnd('/');

    public async Task PutAsync(BlobAddress address, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var incoming = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, IncomingFolder)).FullName, Path.GetRandomFileName());
        try
        {
            await WriteAsync(incoming, content, cancellationToken);

            // Within one file system a rename is atomic, so that nobody reads half a blob, not even after a crash.
            Directory.CreateDirectory(Path.Combine(_root, address.Container));
            File.Move(incoming, PathOf(address));
        }
        catch
        {
            File.Delete(incoming);
            throw;
        }
    }

    public Task<Stream?> OpenReadAsync(BlobAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(address),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                BufferSize,
                FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(BlobAddress address, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(address));
        }
        catch (DirectoryNotFoundException)
        {
            // A container appears with its first blob.
        }

        return Task.CompletedTask;
    }

    public Uri SignedUrl(BlobAddress address, BlobPresentation presentation, DateTimeOffset expiresAt)
    {
        // What a browser should do with the bytes is not in the link: the row of the file says so when it is followed.
        var expires = expiresAt.ToUnixTimeSeconds();
        return new Uri($"{_publicUrl}/files/{address.Container}/{address.Name}?exp={expires}&sig={links.Sign(address, expires)}");
    }

    private static async Task WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous);
        await content.CopyToAsync(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
    }

    private string PathOf(BlobAddress address) => Path.Combine(_root, address.Container, address.Name);
}
