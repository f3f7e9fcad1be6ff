using System.Globalization;

namespace AiPlatform.Load.Measuring;

/// <summary>Rows under headings, as text to paste.</summary>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var lines = _rows.Select(row => Line(row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))).ToList();
        lines.Insert(1, Line(widths.Select((width, column) => column == 0 ? new string('-', width) : $"{new string('-', width - 1)}:")));
        return string.Join(Environment.NewLine, lines);

        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
    }
}

/// <summary>Numbers as a reader takes them in.</summary>
internal static class Figures
{
    /// <summary>Thousands apart.</summary>
    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number to two places; fewer where it is large.</summary>
    public static string Short(double number) =>
        number.ToString(Math.Abs(number) switch { >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);

    /// <summary>Bytes in MiB.</summary>
    public static string Mebibytes(double bytes) => $"{Whole(bytes / (1024 * 1024))} MiB";

    /// <summary>Bytes in KiB.</summary>
    public static string Kibibytes(double bytes) => $"{Short(bytes / 1024)} KiB";

    /// <summary>The middle one; the mean of the two in the middle where they are even.</summary>
    public static double Median(this IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
