using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.Clients.Provider;

/// <summary>
/// What a prompt tells the provider to do, wherever it stands in the body: <c>((upstream status=429 times=2 id=a1))</c>. A
/// client in any language can write it, and it passes every gateway that leaves prompts alone.
/// </summary>
/// <remarks>
/// <c>id</c> names the exchange in the log. <c>answer</c>, <c>prompt</c>, <c>cached</c>, <c>written</c>, <c>written-long</c> and
/// <c>reasoning</c> are tokens.
/// <c>status</c> (with <c>retry-after</c>, seconds) refuses; <c>fault</c> is one of <see cref="Faults"/>; both hold for the
/// first <c>times</c> requests with the id, or always. <c>after</c> is how many pieces a broken stream delivers first,
/// <c>delay</c> milliseconds before each piece.
/// </remarks>
internal sealed partial record Directive(IReadOnlyDictionary<string, string> Words)
{
    /// <summary>The name of the exchange; <see langword="null"/> where it has none.</summary>
    public string? Id => Words.GetValueOrDefault("id");

    /// <summary>The fault; <see langword="null"/> where nothing goes wrong.</summary>
    public string? Fault => Words.GetValueOrDefault("fault");

    /// <summary>The last directive of a body, which in a conversation is the newest.</summary>
    public static Directive In(string body)
    {
        var found = Written().Matches(body);
        var words = found.Count == 0 ? [] : found[^1].Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Directive(words
            .Select(word => word.Split('=', 2))
            .ToDictionary(word => word[0], word => word.Length > 1 ? word[1] : string.Empty, StringComparer.Ordinal));
    }

    /// <summary>The same without its fault and its status.</summary>
    public Directive WithoutTrouble() =>
        new(Words.Where(word => word.Key is not ("fault" or "status")).ToDictionary(StringComparer.Ordinal));

    /// <summary>A text without directives.</summary>
    public static string Without(string text) => Written().Replace(text, string.Empty).Trim();

    /// <summary>A number that the directive says; <see langword="null"/> where it says none.</summary>
    public int? Number(string name) =>
        Words.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\(\(upstream ([^)]*)\)\)")]
    private static partial Regex Written();
}

/// <summary>What can go wrong with an answer, beside a refusal with a status.</summary>
internal static class Faults
{
    /// <summary>The connection is cut before anything is answered.</summary>
    public const string ResetBefore = "reset-before";

    /// <summary>The connection is cut once status and headers are sent.</summary>
    public const string ResetAfter = "reset-after";

    /// <summary>The connection is cut in the middle: of a stream after some pieces, of a body after its half.</summary>
    public const string Cut = "cut";

    /// <summary>A stream ends in the middle as if it were whole.</summary>
    public const string Ends = "ends";

    /// <summary>A body, or an event of a stream, that is no JSON.</summary>
    public const string Malformed = "malformed";

    /// <summary>A page of HTML with status 200.</summary>
    public const string Html = "html";

    /// <summary>A stream that says pieces until its client leaves; without a stream, a body that comes to no end.</summary>
    public const string Endless = "endless";

    /// <summary>A stream that says nothing more after some pieces, until its client leaves.</summary>
    public const string Stall = "stall";

    /// <summary>Nothing is answered until the client leaves.</summary>
    public const string Hang = "hang";

    /// <summary>Usage below zero.</summary>
    public const string NegativeUsage = "negative-usage";

    /// <summary>No usage at all.</summary>
    public const string NoUsage = "no-usage";
}
