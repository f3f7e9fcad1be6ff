using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Makes an uploaded file one that can be asked.</summary>
/// <param name="Token" example="the token that GET /get-token answered">An access token of the administrator's own.</param>
/// <param name="FileId" example="0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90">The file, a UUID: txt, md, pdf or docx.</param>
/// <param name="Collection">Who may ask it: everybody, or the file's owner alone.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "index documents")]
[Refuses(typeof(FileErrors), nameof(FileErrors.NotFound))]
[Refuses(typeof(RagErrors), nameof(RagErrors.AlreadyIndexed), nameof(RagErrors.LibraryFull), nameof(RagErrors.LibraryBusy))]
[Refuses(typeof(RagErrors), nameof(RagErrors.OfReading))]
public sealed record IndexDocumentCommand(
    [property: Required] Supplied<string> Token,
    [property: Required] Supplied<string> FileId,
    [property: AllowedValues("shared", "owner"), DefaultValue("shared")] Supplied<string> Collection)
    : IRequest<IndexedDocument>;

/// <summary>What was indexed.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="ChunkCount">Into how many pieces its text was cut.</param>
/// <param name="Embedded">Whether it can be found by meaning, not only by words.</param>
public sealed record IndexedDocument(Guid DocumentId, int ChunkCount, bool Embedded);

internal sealed class IndexDocumentValidator : OrderedValidator<IndexDocumentCommand>
{
    public const string Shared = "shared";

    public const string Owner = "owner";

    public IndexDocumentValidator()
    {
        RequireBody();
        Require(command => TokenField.IsGiven(command.Token), TokenField.Required);
        RequireConfirmation(command => command.Token.Value);
        Require(command => FileIds.IsGiven(command.FileId), FileIds.Required);
        Require(
            command => command.Collection.IsAbsentOr(name => name is Shared or Owner),
            RequestErrors.Invalid("collection must be shared or owner"));
    }
}

internal sealed class IndexDocumentHandler(
    IContentDb db, DocumentReader reader, RagSettings settings, CallRecord call, TimeProvider time)
    : IRequestHandler<IndexDocumentCommand, IndexedDocument>
{
    public async Task<IndexedDocument> Handle(IndexDocumentCommand request, CancellationToken cancellationToken)
    {
        var file = await db.Files.GetAsync(request.FileId.Value, cancellationToken);
        var collection = request.Collection.Or(IndexDocumentValidator.Shared) == IndexDocumentValidator.Owner
            ? CollectionName.Of(file.OwnerUserId)
            : CollectionName.Shared;
        await RefuseDuplicateAsync(file.Id, collection, cancellationToken);

        var document = new RagDocument(file, collection, call.RequiredCaller.UserId, time.GetUtcNow());
        await reader.ReadAsync(file, document, cancellationToken);
        await SaveAsync(document, collection, cancellationToken);
        return new IndexedDocument(document.Id, document.ChunkCount, document.EmbeddingModel is not null);
    }

    private async Task SaveAsync(RagDocument document, CollectionName collection, CancellationToken cancellationToken)
    {
        db.Documents.Add(document);
        try
        {
            await db.SaveLibraryAsync(library => library.Admit(document.ChunkCount, settings.MaxChunks), cancellationToken);
        }
        catch (DbUpdateException failure) when (failure is not DbUpdateConcurrencyException)
        {
            // The unique index decides between two calls that both found the file not indexed yet.
            await RefuseDuplicateAsync(document.FileId, collection, cancellationToken);
            throw;
        }
    }

    private async Task RefuseDuplicateAsync(Guid fileId, CollectionName collection, CancellationToken cancellationToken)
    {
        var known = await db.Documents
            .Where(document => document.FileId == fileId && document.Collection == collection.Value)
            .Select(document => (Guid?)document.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (known is { } documentId)
        {
            throw new RefusedException(RagErrors.AlreadyIndexed(documentId));
        }
    }
}
