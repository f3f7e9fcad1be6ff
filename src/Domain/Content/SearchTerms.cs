using System.Text;

namespace AiPlatform.Domain.Content;

/// <summary>Cuts a text into the terms that lexical search compares.</summary>
public static class SearchTerms
{
    /// <summary>Longest term; what is longer is cut, which still matches itself.</summary>
    public const int MaxLength = 64;

    /// <summary>Runs of letters and digits, in compatibility form (NFKC) and lower case; accents count.</summary>
    /// <param name="text">Any text.</param>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Runs(Normalise(text));
    }

    // Normalize refuses broken Unicode; such a text is searched as it is.
    private static string Normalise(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return text.ToLowerInvariant();
        }
    }

    private static IEnumerable<string> Runs(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsLetterOrDigit(text, i) || char.IsLowSurrogate(text[i]) && start >= 0);
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                yield return text[start..Math.Min(i, start + MaxLength)];
                start = -1;
            }
        }
    }
}
