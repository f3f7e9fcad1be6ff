using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Removes a document with its text; the upload that it was made of stays.</summary>
/// <param name="Token">An access token of the administrator's own.</param>
/// <param name="DocumentId">The document.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "remove documents")]
[Refuses(typeof(RagErrors), nameof(RagErrors.NotFound), nameof(RagErrors.LibraryBusy))]
public sealed record RemoveDocumentCommand(Supplied<string> Token, string DocumentId) : IRequest<RemovedDocument>;

/// <summary>What was removed.</summary>
/// <param name="DocumentId">The document.</param>
public sealed record RemovedDocument(Guid DocumentId);

internal sealed class RemoveDocumentValidator : OrderedValidator<RemoveDocumentCommand>
{
    public RemoveDocumentValidator()
    {
        RequireBody();
        Require(command => TokenField.IsGiven(command.Token), TokenField.Required);
        RequireConfirmation(command => command.Token.Value);
    }
}

internal sealed class RemoveDocumentHandler(IContentDb db) : IRequestHandler<RemoveDocumentCommand, RemovedDocument>
{
    public async Task<RemovedDocument> Handle(RemoveDocumentCommand request, CancellationToken cancellationToken)
    {
        var document = Guid.TryParse(request.DocumentId, out var id)
            ? await db.Documents.FirstOrDefaultAsync(known => known.Id == id, cancellationToken)
            : null;
        if (document is null)
        {
            throw new RefusedException(RagErrors.NotFound(request.DocumentId));
        }

        // The database deletes the chunks with the document.
        db.Documents.Remove(document);
        try
        {
            await db.SaveLibraryAsync(library => library.Discard(document.ChunkCount), cancellationToken);
        }
        catch (DbUpdateConcurrencyException gone)
        {
            throw new RefusedException(RagErrors.NotFound(request.DocumentId), gone);
        }

        return new RemovedDocument(document.Id);
    }
}
