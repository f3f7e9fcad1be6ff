using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>Reads UTF-8, and refuses what is not: a guessed encoding would index words that nobody can find.</summary>
internal sealed class PlainTextReader : IDocumentTextReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<string> Extensions { get; } = [".txt", ".md"];

    public async Task<string> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Strict, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        try
        {
            return (await BoundedText.ReadAsync(reader, cancellationToken)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException invalid)
        {
            throw new RefusedException(RagErrors.NotUtf8, invalid);
        }
    }
}
