namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>Reads the text of some kinds of document.</summary>
internal interface IDocumentTextReader
{
    /// <summary>The extensions that it reads, lower-case with their dot.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>The text of a document.</summary>
    /// <exception cref="Domain.Shared.RefusedException">It cannot be read, or is too long.</exception>
    Task<string> ReadAsync(Stream content, CancellationToken cancellationToken);
}
