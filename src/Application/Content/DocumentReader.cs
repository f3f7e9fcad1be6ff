using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Content;

/// <summary>Turns a file into a document: its text, cut into chunks, with vectors when a provider makes them.</summary>
/// <param name="blobs">Where the file's bytes lie.</param>
/// <param name="extractor">Reads its text.</param>
/// <param name="gateway">Makes vectors.</param>
/// <param name="settings">By which model.</param>
public sealed class DocumentReader(IBlobStore blobs, ITextExtractor extractor, IModelGateway gateway, RagSettings settings)
{
    /// <summary>Texts in one call of the provider; the gateway takes no more.</summary>
    private const int TextsPerCall = 64;

    /// <summary>Fills a document with the text of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="document">The document, still without text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RefusedException">The file is gone, not readable, empty or too long, or the provider failed.</exception>
    public async Task ReadAsync(StoredFile file, RagDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(document);
        await using var content = await blobs.OpenReadAsync(file.Address, cancellationToken)
            ?? throw new RefusedException(FileErrors.NotFound(file.Id.ToString("D")));
        var text = await extractor.ExtractAsync(file.Name.SafeExtension, content, cancellationToken);
        var chunks = TextChunker.Split(text.Length <= RagDocument.MaxTextLength ? text : throw new RefusedException(RagErrors.TooMuchText));
        document.Fill(chunks.Count > 0 ? chunks : throw new RefusedException(RagErrors.NoText));
        if (gateway.CanEmbed(settings.EmbeddingModel))
        {
            document.Embed(settings.EmbeddingModel, await EmbedAsync(chunks, cancellationToken));
        }
    }

    private async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> chunks, CancellationToken cancellationToken)
    {
        var vectors = new List<ReadOnlyMemory<float>>(chunks.Count);
        foreach (var texts in chunks.Chunk(TextsPerCall))
        {
            vectors.AddRange((await gateway.EmbedAsync(settings.EmbeddingModel, texts, cancellationToken)).Vectors);
        }

        return vectors;
    }
}
