using AiPlatform.Domain.Content;

namespace AiPlatform.Application.Content;

/// <summary>Gives the search index as it is now, whichever process changed the library last.</summary>
public interface ISearchIndexes
{
    /// <summary>An index of every document in some collections.</summary>
    /// <param name="collections">The collections that the caller may ask.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<SearchIndex> OpenAsync(CollectionName[] collections, CancellationToken cancellationToken);
}
