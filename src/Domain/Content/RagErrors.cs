using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Content;

/// <summary>What can be refused about indexing and asking documents.</summary>
public static class RagErrors
{
    /// <summary>Nothing is indexed that the caller may ask; the words are those of seed 000, without its path.</summary>
    public static readonly Error NothingIndexed = new("nothing_indexed", ErrorKind.Internal, "No vectorstore found");

    /// <summary>The answer could not be made; the cause is in the log.</summary>
    public static readonly Error QueryFailed = new("rag_failed", ErrorKind.Internal, "Error processing RAG query");

    /// <summary>The file is of a kind that has no text reader.</summary>
    public static readonly Error UnsupportedKind = Bad("unsupported_document", "Only txt, md, pdf and docx files can be indexed");

    /// <summary>The file's bytes are not what its extension says.</summary>
    public static readonly Error Unreadable =
        Bad("unreadable_document", "The document is damaged, encrypted or not of the type that its extension says");

    /// <summary>A text file in another encoding.</summary>
    public static readonly Error NotUtf8 = Bad("not_utf8", "Text documents must be encoded in UTF-8");

    /// <summary>There is no text to index, as in a scan without recognised text.</summary>
    public static readonly Error NoText = Bad("no_text", "The document contains no text to index");

    /// <summary>More text than one document may have.</summary>
    public static readonly Error TooMuchText = new(
        "document_too_long",
        ErrorKind.PayloadTooLarge,
        $"The document's text exceeds the maximum of {RagDocument.MaxTextLength} characters");

    /// <summary>The reader of this kind of document took too long.</summary>
    public static readonly Error ExtractionTimedOut = Bad("extraction_timed_out", "The document took too long to read");

    /// <summary>The service that reads this kind of document failed; the cause is in the log.</summary>
    public static readonly Error ExtractionFailed =
        new("extraction_failed", ErrorKind.Unavailable, "The document could not be read now; try again later")
        {
            RetryAfter = TimeSpan.FromSeconds(30),
        };

    /// <summary>This installation cannot read PDF.</summary>
    public static readonly Error PdfUnavailable = new(
        "pdf_unavailable",
        ErrorKind.UnsupportedMediaType,
        "PDF documents cannot be read on this installation: install pdftotext (package poppler-utils) "
            + "or configure DocumentIntelligence:Endpoint and DocumentIntelligence:Key");

    /// <summary>Another change of the library came first, again and again.</summary>
    public static readonly Error LibraryBusy =
        new("library_busy", ErrorKind.Conflict, "The document library is being changed; try again")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    /// <summary>What reading a document can be refused with.</summary>
    public static IReadOnlyList<Error> OfReading { get; } =
    [
        UnsupportedKind, Unreadable, NotUtf8, NoText, TooMuchText, ExtractionTimedOut, ExtractionFailed, PdfUnavailable,
    ];

    /// <summary>The library holds as much as the search index keeps in memory.</summary>
    /// <param name="limit">Most chunks.</param>
    public static Error LibraryFull(int limit) =>
        new("library_full", ErrorKind.Conflict, $"The document library is full: it holds at most {limit} chunks");

    /// <summary>The file is in the collection already.</summary>
    /// <param name="documentId">The document that it became.</param>
    public static Error AlreadyIndexed(Guid documentId) =>
        new("already_indexed", ErrorKind.Conflict, "The file is already indexed in this collection")
        {
            Extensions = new Dictionary<string, string> { ["document_id"] = documentId.ToString("D") },
        };

    /// <summary>There is no such document.</summary>
    /// <param name="id">The document.</param>
    public static Error NotFound(string id) =>
        new("document_not_found", ErrorKind.NotFound, $"Document with ID {(id.Length <= 100 ? id : id[..100])} not found");

    private static Error Bad(string code, string message) => new(code, ErrorKind.BadRequest, message);
}
