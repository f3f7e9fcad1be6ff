using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>Collects text up to the most that a document may have.</summary>
internal sealed class BoundedText
{
    private const int BufferLength = 16 * 1024;

    private readonly StringBuilder _text = new();

    /// <summary>Everything that a reader gives.</summary>
    public static async Task<string> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var text = new BoundedText();
        var buffer = new char[BufferLength];
        for (int read; (read = await reader.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            text.Append(buffer.AsSpan(0, read));
        }

        return text.ToString();
    }

    /// <summary>Adds text.</summary>
    /// <exception cref="RefusedException">There is too much.</exception>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > RagDocument.MaxTextLength - _text.Length)
        {
            throw new RefusedException(RagErrors.TooMuchText);
        }

        _text.Append(text);
    }

    public override string ToString() => _text.ToString();
}
