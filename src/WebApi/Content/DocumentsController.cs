using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Content;
using AiPlatform.Application.Shared;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Content;

/// <summary>Administers the documents that can be asked.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class DocumentsController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Makes an uploaded txt, md, pdf or docx file one that can be asked.</summary>
    /// <param name="command">The file, and who may ask it: everybody (<c>shared</c>, the default) or its owner (<c>owner</c>).</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">It can be asked.</response>
    [HttpPost("/admin/rag/documents")]
    [RouteKey("content.index-document")]
    [UnexpectedError("Error indexing document")]
    [ProducesResponseType<IndexedDocumentReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Index([JsonBody] IndexDocumentCommand command, CancellationToken cancellationToken)
    {
        var indexed = await mediator.Send(command, cancellationToken);
        return StatusCode(
            StatusCodes.Status201Created,
            new IndexedDocumentReply("Document indexed successfully", indexed.DocumentId, indexed.ChunkCount, indexed.Embedded));
    }

    /// <summary>Lists what is indexed, newest first.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="perPage">Documents of a page.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">One page, and how many there are in all.</response>
    [HttpGet("/admin/rag/documents")]
    [RouteKey("content.list-documents")]
    [Sends<ListDocumentsQuery>]
    [UnexpectedError("Error retrieving documents")]
    [ProducesResponseType<DocumentPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery, Range(1, ListDocumentsQuery.MaxPage), DefaultValue("1")] string? page,
        [FromQuery(Name = "per_page"), Range(1, ListDocumentsQuery.MaxPerPage), DefaultValue("20")] string? perPage,
        CancellationToken cancellationToken) =>
        Ok(DocumentPageReply.Of(await mediator.Send(new ListDocumentsQuery(QueryText.Integer(page), QueryText.Integer(perPage)), cancellationToken), times));

    /// <summary>Removes a document with its text; the file that it was made of stays.</summary>
    /// <param name="id">The document.</param>
    /// <param name="confirmation">The second factor.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It can no longer be asked.</response>
    [HttpDelete("/admin/rag/documents/{id}")]
    [RouteKey("content.remove-document")]
    [Sends<RemoveDocumentCommand>]
    [UnexpectedError("Error removing document")]
    [ProducesResponseType<RemovedDocumentReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Remove(
        [FromRoute] string id, [JsonBody] RemovalConfirmation confirmation, CancellationToken cancellationToken)
    {
        var removed = await mediator.Send(new RemoveDocumentCommand(confirmation.Token, id), cancellationToken);
        return Ok(new RemovedDocumentReply("Document removed successfully", removed.DocumentId));
    }
}

/// <summary>The second factor of a removal.</summary>
/// <param name="Token" example="the token that GET /get-token answered">An access token of the administrator's own.</param>
public sealed record RemovalConfirmation([property: Required] Supplied<string> Token);

/// <summary>A document that can be asked.</summary>
/// <param name="Message" example="Document indexed successfully">What happened.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="ChunkCount">Into how many pieces its text was cut.</param>
/// <param name="Embedded">Whether it can be found by meaning, not only by words.</param>
public sealed record IndexedDocumentReply(string Message, Guid DocumentId, int ChunkCount, bool Embedded);

/// <summary>Some of what is indexed.</summary>
/// <param name="Documents">The documents of the page.</param>
/// <param name="Count">How many there are in all.</param>
public sealed record DocumentPageReply(IReadOnlyList<DocumentReply> Documents, int Count)
{
    internal static DocumentPageReply Of(DocumentPage page, LocalTimeText times) =>
        new([.. page.Documents.Select(document => DocumentReply.Of(document, times))], page.Count);
}

/// <summary>An indexed document without its text.</summary>
/// <param name="Id">The document.</param>
/// <param name="FileId">The upload that it was made of.</param>
/// <param name="FileName" example="handbook.pdf">The file's name.</param>
/// <param name="Collection" example="shared"><c>shared</c>, or the id of the account that alone may ask it.</param>
/// <param name="ChunkCount">Into how many pieces its text is cut.</param>
/// <param name="Embedded">Whether it can be found by meaning, not only by words.</param>
/// <param name="CreatedAt" example="2025-03-05T14:00:00">When it was indexed.</param>
public sealed record DocumentReply(
    Guid Id, Guid FileId, string FileName, string Collection, int ChunkCount, bool Embedded, string CreatedAt)
{
    internal static DocumentReply Of(DocumentSummary document, LocalTimeText times) => new(
        document.Id,
        document.FileId,
        document.Name,
        document.Collection,
        document.ChunkCount,
        document.EmbeddingModel is not null,
        times.Naive(document.CreatedAt));
}

/// <summary>A removed document.</summary>
/// <param name="Message" example="Document removed successfully">What happened.</param>
/// <param name="DocumentId">The document.</param>
public sealed record RemovedDocumentReply(string Message, Guid DocumentId);
