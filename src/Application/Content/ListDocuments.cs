using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Lists what is indexed, newest first.</summary>
/// <param name="Page">From 1, the default, to 100,000.</param>
/// <param name="PerPage">1 to 100, 20 by default.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view documents")]
public sealed record ListDocumentsQuery(Supplied<int> Page, Supplied<int> PerPage) : IRequest<DocumentPage>
{
    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Most documents of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Documents of one page where nothing is said.</summary>
    public const int DefaultPerPage = 20;
}

/// <summary>Some of what is indexed.</summary>
/// <param name="Documents">The documents of the page.</param>
/// <param name="Count">How many there are in all.</param>
public sealed record DocumentPage(IReadOnlyList<DocumentSummary> Documents, int Count);

/// <summary>An indexed document without its text.</summary>
/// <param name="Id">The document.</param>
/// <param name="FileId">The upload that it was made of.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Collection"><c>shared</c>, or the id of the account that alone may ask it.</param>
/// <param name="ChunkCount">Into how many pieces its text is cut.</param>
/// <param name="EmbeddingModel">The model that made its vectors.</param>
/// <param name="CreatedAt">When it was indexed, UTC.</param>
public sealed record DocumentSummary(
    Guid Id, Guid FileId, string Name, string Collection, int ChunkCount, string? EmbeddingModel, DateTimeOffset CreatedAt);

internal sealed class ListDocumentsValidator : OrderedValidator<ListDocumentsQuery>
{
    public ListDocumentsValidator() =>
        RequirePage(query => query.Page, ListDocumentsQuery.MaxPage, query => query.PerPage, ListDocumentsQuery.MaxPerPage);
}

internal sealed class ListDocumentsHandler(IContentDb db) : IRequestHandler<ListDocumentsQuery, DocumentPage>
{
    public async Task<DocumentPage> Handle(ListDocumentsQuery request, CancellationToken cancellationToken)
    {
        var perPage = request.PerPage.Or(ListDocumentsQuery.DefaultPerPage);
        var documents = await db.Documents
            .OrderByDescending(document => document.CreatedAt).ThenBy(document => document.Id)
            .Skip((request.Page.Or(1) - 1) * perPage)
            .Take(perPage)
            .Select(document => new DocumentSummary(
                document.Id,
                document.FileId,
                document.Name,
                document.Collection,
                document.ChunkCount,
                document.EmbeddingModel,
                document.CreatedAt))
            .ToListAsync(cancellationToken);
        return new DocumentPage(documents, await db.Documents.CountAsync(cancellationToken));
    }
}
