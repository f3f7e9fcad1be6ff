using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace AiPlatform.WebApi.FunctionalTests.Content;

/// <summary>Documents of each kind, made of their text.</summary>
internal static class SampleDocuments
{
    public static byte[] Of(string extension, string text) => extension switch
    {
        ".txt" => Encoding.UTF8.GetBytes(text),
        ".md" => Encoding.UTF8.GetBytes($"# Policy\n\n{text}\n"),
        ".docx" => Word(text),
        ".pdf" => Pdf(text),
        _ => throw new ArgumentOutOfRangeException(nameof(extension), extension, null),
    };

    private static byte[] Word(string text)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var words = text.Split(' ').Select(word => new Run(new Text(word + " ") { Space = SpaceProcessingModeValues.Preserve }));
            document.AddMainDocumentPart().Document = new Document(new Body(new Paragraph(words), new Paragraph(new Run(new Text("The end.")))));
        }

        return stream.ToArray();
    }

    /// <summary>The smallest PDF that shows one line of text (ISO 32000-1, annex H).</summary>
    private static byte[] Pdf(string text)
    {
        var content = $"BT /F1 12 Tf 72 720 Td ({text}) Tj ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {content.Length} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (var number = 1; number <= objects.Length; number++)
        {
            offsets.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{objects[number - 1]}\nendobj\n");
        }

        var table = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        offsets.ForEach(offset => pdf.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n"));
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
