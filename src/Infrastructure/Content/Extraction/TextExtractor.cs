using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>Finds the reader of a document's kind.</summary>
internal sealed class TextExtractor(IEnumerable<IDocumentTextReader> readers) : ITextExtractor
{
    private readonly Dictionary<string, IDocumentTextReader> _readers = readers
        .SelectMany(reader => reader.Extensions, (reader, extension) => (reader, extension))
        .ToDictionary(pair => pair.extension, pair => pair.reader, StringComparer.Ordinal);

    public Task<string> ExtractAsync(string extension, Stream content, CancellationToken cancellationToken) =>
        _readers.TryGetValue(extension, out var reader)
            ? reader.ReadAsync(content, cancellationToken)
            : throw new RefusedException(RagErrors.UnsupportedKind);
}
