using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>A copy of a document for readers that must move about in it; gone when it is closed.</summary>
internal static class ScratchFile
{
    private const int BufferSize = 81_920;

    /// <summary>Copies a document, at most as large as an upload, and rewinds the copy.</summary>
    public static async Task<FileStream> CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"aiplatform-{Path.GetRandomFileName()}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Read | FileShare.Delete,
            BufferSize,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            await content.CopyToAsync(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            file.Position = 0;
            return file.Length <= UploadLimits.BytesPerFile ? file : throw new RefusedException(FileErrors.TooLarge);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
