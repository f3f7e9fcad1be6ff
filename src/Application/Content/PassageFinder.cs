using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Content;

/// <summary>A chunk that may answer a question.</summary>
/// <param name="Source">The document's name.</param>
/// <param name="Text">The text.</param>
public sealed record Passage(string Source, string Text);

/// <summary>Finds the chunks that may answer a question, by words and, where vectors are to be had, by meaning.</summary>
/// <param name="indexes">Where to look.</param>
/// <param name="db">Where the text is.</param>
/// <param name="gateway">Makes the question's vector.</param>
/// <param name="settings">By which model.</param>
/// <param name="logger">Where it shows that only words were compared.</param>
public sealed partial class PassageFinder(
    ISearchIndexes indexes, IContentDb db, IModelGateway gateway, RagSettings settings, ILogger<PassageFinder> logger)
{
    /// <summary>How many chunks a model is shown.</summary>
    public const int PassageCount = 4;

    /// <summary>The best chunks that a person may ask, best first.</summary>
    /// <param name="question">The question.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RefusedException">Nothing is indexed that the person may ask.</exception>
    public async Task<IReadOnlyList<Passage>> FindAsync(string question, Guid userId, CancellationToken cancellationToken)
    {
        var index = await indexes.OpenAsync([CollectionName.Shared, CollectionName.Of(userId)], cancellationToken);
        if (index.IsEmpty)
        {
            throw new RefusedException(RagErrors.NothingIndexed);
        }

        var best = index.Search(question, await EmbedAsync(index, question, cancellationToken), PassageCount);
        var texts = await db.Chunks
            .Where(chunk => best.Contains(chunk.Id))
            .Join(
                db.Documents,
                chunk => chunk.DocumentId,
                document => document.Id,
                (chunk, document) => new { chunk.Id, document.Name, chunk.Text })
            .ToDictionaryAsync(row => row.Id, row => new Passage(row.Name, row.Text), cancellationToken);

        // A document may have been removed since the index was opened.
        return [.. best.Where(texts.ContainsKey).Select(id => texts[id])];
    }

    private async Task<(string Model, EmbeddingVector Vector)?> EmbedAsync(SearchIndex index, string question, CancellationToken cancellationToken)
    {
        var model = settings.EmbeddingModel;
        if (!index.HasVectorsOf(model) || !gateway.CanEmbed(model))
        {
            return null;
        }

        try
        {
            var embedding = await gateway.EmbedAsync(model, [question], cancellationToken);
            return (model, EmbeddingVector.Normalised(embedding.Vectors[0].Span));
        }
        catch (RefusedException failure)
        {
            // Words alone still find most of what is there, which is better than no answer.
            LogWordsAlone(failure, model);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Embedding model {Model} failed; documents are searched by words alone")]
    private partial void LogWordsAlone(Exception exception, string model);
}
