using AiPlatform.Domain.Content;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Content;

/// <summary>Takes the bytes of uploads in, and gives them back when the upload as a whole fails.</summary>
/// <param name="blobs">Where bytes go.</param>
/// <param name="settings">The container.</param>
/// <param name="time">The time of the upload.</param>
/// <param name="logger">Where a blob that could not be given back shows.</param>
public sealed partial class FileIntake(IBlobStore blobs, StorageSettings settings, TimeProvider time, ILogger<FileIntake> logger)
{
    /// <summary>Stores one file as it arrives.</summary>
    /// <param name="part">The file; it has a name.</param>
    /// <param name="ownerUserId">The account that uploads it.</param>
    /// <param name="cancellationToken">Gives up, leaving nothing.</param>
    /// <exception cref="Domain.Shared.RefusedException">Its name, type or size is not accepted.</exception>
    public async Task<StoredFile> StoreAsync(UploadPart part, Guid ownerUserId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        var name = FileName.Of(part.FileName!);
        var file = new StoredFile(ownerUserId, name, part.ContentType, settings.UploadContainer, time.GetUtcNow());
        using var content = new MeasuredStream(part.Read, UploadLimits.BytesPerFile, FileErrors.TooLarge);
        await blobs.PutAsync(file.Address, content, file.ContentType, cancellationToken);
        file.Received(content.Count, content.Sha256());
        return file;
    }

    /// <summary>Deletes the bytes of files whose rows were not saved. A caller who leaves must not stop the clearing up.</summary>
    /// <param name="files">The files.</param>
    public async Task DiscardAsync(IEnumerable<StoredFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            try
            {
                await blobs.DeleteAsync(file.Address, CancellationToken.None);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                LogLeftover(failure, file.Container, file.BlobName);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Blob {Container}/{Blob} of a failed upload could not be deleted")]
    private partial void LogLeftover(Exception exception, string container, string blob);
}
