using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Content;

/// <summary>Reads on in the bytes of a part, straight from the connection.</summary>
/// <param name="buffer">Receives the bytes.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <returns>How many bytes were read; zero at the end.</returns>
/// <exception cref="RefusedException">The body is malformed or larger than the route reads.</exception>
public delegate ValueTask<int> ReadPart(Memory<byte> buffer, CancellationToken cancellationToken);

/// <summary>One part of an upload, readable until the next one is asked for.</summary>
/// <param name="Field">The form field; files come as <c>files</c>.</param>
/// <param name="FileName">The file's name; <see langword="null"/> where the part is no file, empty where none was picked.</param>
/// <param name="ContentType">The media type as sent.</param>
/// <param name="Read">Reads the bytes.</param>
public sealed record UploadPart(string? Field, string? FileName, string? ContentType, ReadPart Read);

/// <summary>Stores files for the caller. Nothing of the body is read before the caller is known.</summary>
/// <param name="Parts">The parts of the body, in order.</param>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(FileErrors), nameof(FileErrors.OfUpload))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.BodyTooLarge))]
public sealed record UploadFilesCommand(IAsyncEnumerable<UploadPart> Parts) : IRequest<UploadedFiles>;

/// <summary>What was stored.</summary>
/// <param name="Files">One a file, in the order of the request.</param>
public sealed record UploadedFiles(IReadOnlyList<UploadedFile> Files);

/// <summary>A stored file.</summary>
/// <param name="FileName">Its name without any path.</param>
/// <param name="FileId">Its id.</param>
/// <param name="ContentType">Its media type.</param>
public sealed record UploadedFile(string FileName, Guid FileId, string ContentType);

internal sealed class UploadFilesHandler(IContentDb db, FileIntake intake, CallRecord call) : IRequestHandler<UploadFilesCommand, UploadedFiles>
{
    /// <summary>The form field that files come in.</summary>
    private const string FilesField = "files";

    public async Task<UploadedFiles> Handle(UploadFilesCommand request, CancellationToken cancellationToken)
    {
        var stored = new List<StoredFile>();
        try
        {
            await StoreAllAsync(request.Parts, stored, cancellationToken);
            db.Files.AddRange(stored);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            await intake.DiscardAsync(stored);
            throw;
        }

        return new UploadedFiles([.. stored.Select(file => new UploadedFile(file.OriginalName, file.Id, file.ContentType))]);
    }

    private async Task StoreAllAsync(IAsyncEnumerable<UploadPart> parts, List<StoredFile> stored, CancellationToken cancellationToken)
    {
        var (count, sawFile) = (0, false);
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            if (++count > UploadLimits.PartsPerRequest)
            {
                throw new RefusedException(FileErrors.TooManyParts);
            }

            if (part.Field != FilesField || part.FileName is null)
            {
                continue;
            }

            sawFile = true;
            if (part.FileName.Length == 0)
            {
                continue;
            }

            stored.Add(stored.Count < UploadLimits.FilesPerRequest
                ? await intake.StoreAsync(part, call.RequiredCaller.UserId, cancellationToken)
                : throw new RefusedException(FileErrors.TooManyFiles));
        }

        if (stored.Count == 0)
        {
            throw new RefusedException(sawFile ? FileErrors.NoFilesSelected : FileErrors.NoFilesPart);
        }
    }
}
