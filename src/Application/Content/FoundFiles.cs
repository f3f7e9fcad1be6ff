using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

internal static class FoundFiles
{
    /// <summary>A file by the id that a client wrote; anything but the id of a file is refused as not found.</summary>
    public static async Task<StoredFile> GetAsync(this DbSet<StoredFile> files, string id, CancellationToken cancellationToken) =>
        (Guid.TryParse(id, out var fileId) ? await files.FirstOrDefaultAsync(file => file.Id == fileId, cancellationToken) : null)
        ?? throw new RefusedException(FileErrors.NotFound(id));

    /// <summary>The file, when the caller may have it.</summary>
    public static StoredFile For(this StoredFile file, Caller caller, Error otherwise) =>
        file.IsOpenTo(caller.UserId, caller.Tier == Tiers.Administrator) ? file : throw new RefusedException(otherwise);
}
