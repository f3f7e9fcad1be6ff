using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Deletes a file, for its owner or an administrator. What was indexed of it stays until it is removed there.</summary>
/// <param name="FileId" example="0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90">The file, a UUID.</param>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(FileErrors), nameof(FileErrors.NotFound), nameof(FileErrors.DeletionForbidden))]
public sealed record DeleteFileCommand([property: Required] Supplied<string> FileId) : IRequest<DeletedFile>;

/// <summary>What was deleted.</summary>
/// <param name="FileId">The file.</param>
public sealed record DeletedFile(Guid FileId);

internal sealed class DeleteFileValidator : OrderedValidator<DeleteFileCommand>
{
    public DeleteFileValidator()
    {
        Require(command => FileIds.IsGiven(command.FileId), FileIds.Required);
    }
}

internal sealed class DeleteFileHandler(IContentDb db, IBlobStore blobs, CallRecord call) : IRequestHandler<DeleteFileCommand, DeletedFile>
{
    public async Task<DeletedFile> Handle(DeleteFileCommand request, CancellationToken cancellationToken)
    {
        var file = (await db.Files.GetAsync(request.FileId.Value, cancellationToken)).For(call.RequiredCaller, FileErrors.DeletionForbidden);

        // Bytes first: if the row cannot be deleted after them the caller can try again, while bytes without a row are lost to sight.
        await blobs.DeleteAsync(file.Address, cancellationToken);
        await db.Files.Where(row => row.Id == file.Id).ExecuteDeleteAsync(cancellationToken);
        return new DeletedFile(file.Id);
    }
}
