namespace AiPlatform.Application.Content;

/// <summary>Reads the text of documents, each kind within bounds of time and size.</summary>
public interface ITextExtractor
{
    /// <summary>The text of a document.</summary>
    /// <param name="extension">What kind it is: <c>.txt</c>, <c>.md</c>, <c>.pdf</c> or <c>.docx</c>.</param>
    /// <param name="content">Its bytes; read once, from start to end.</param>
    /// <param name="cancellationToken">Gives up, ending whatever was started.</param>
    /// <exception cref="Domain.Shared.RefusedException">
    /// The kind is none of these, the bytes are not of that kind, or there is too much text.
    /// </exception>
    Task<string> ExtractAsync(string extension, Stream content, CancellationToken cancellationToken);
}
