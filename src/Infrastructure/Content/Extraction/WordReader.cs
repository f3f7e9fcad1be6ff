using System.IO.Compression;
using System.Xml;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>Reads the body of a Word document, element by element. Deleted revisions, headers and footers are left out.</summary>
internal sealed class WordReader : IDocumentTextReader
{
    /// <summary>More files than any real document is packed of.</summary>
    private const int MaxEntries = 5_000;

    /// <summary>What all files of the package may unpack to, in bytes; the runtime stops unpacking at the size that an entry declares.</summary>
    private const long MaxUnpacked = 256L * 1024 * 1024;

    /// <summary>Characters of markup in one part; Word writes some ten of them for each one of text.</summary>
    private const long MaxCharactersInPart = 64L * 1024 * 1024;

    public IReadOnlyList<string> Extensions { get; } = [".docx"];

    public async Task<string> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        await using var file = await ScratchFile.CopyAsync(content, cancellationToken);
        try
        {
            RefuseBomb(file);
            file.Position = 0;
            return Read(file, cancellationToken);
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw new RefusedException(RagErrors.Unreadable, damaged);
        }
    }

    // A package whose parts, relationships or content types contradict each other is told of as a wrong argument or operation.
    private static bool IsDamage(Exception failure) => failure is
        InvalidDataException or XmlException or OpenXmlPackageException or FormatException or ArgumentException or InvalidOperationException;

    private static void RefuseBomb(FileStream file)
    {
        using var package = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        if (package.Entries.Count > MaxEntries || package.Entries.Sum(entry => entry.Length) > MaxUnpacked)
        {
            throw new RefusedException(RagErrors.TooMuchText);
        }
    }

    private static string Read(FileStream file, CancellationToken cancellationToken)
    {
        using var document = WordprocessingDocument.Open(file, isEditable: false, new OpenSettings { MaxCharactersInPart = MaxCharactersInPart });
        var part = document.MainDocumentPart ?? throw new InvalidDataException("The package has no main document.");
        using var reader = OpenXmlReader.Create(part);
        var text = new BoundedText();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Append(TextOf(reader));
        }

        return text.ToString();
    }

    private static string TextOf(OpenXmlReader reader)
    {
        if (reader.IsStartElement)
        {
            return reader.ElementType == typeof(Text) ? reader.GetText()
                : reader.ElementType == typeof(TabChar) ? "\t"
                : reader.ElementType == typeof(Break) ? "\n"
                : string.Empty;
        }

        // A paragraph is the smallest seam that chunks should be cut at.
        return reader.ElementType == typeof(Paragraph) ? "\n\n" : string.Empty;
    }
}
