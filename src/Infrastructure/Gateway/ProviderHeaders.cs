namespace AiPlatform.Infrastructure.Gateway;

/// <summary>What a header of a request to a provider may be.</summary>
internal static class ProviderHeaders
{
    public const int LongestName = 100;

    public const int LongestValue = 4096;

    /// <summary>Headers that say how a message is framed, or where it goes: the transport's alone.</summary>
    private static readonly HashSet<string> Transports = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Upgrade", "TE", "Trailer",
        "Expect", "Accept-Encoding",
    };

    /// <summary>The header that carries the key of a kind of provider.</summary>
    public static string CredentialOf(ProviderKind kind) => kind switch
    {
        ProviderKind.AzureOpenAI => "api-key",
        ProviderKind.Anthropic => "x-api-key",
        _ => "Authorization",
    };

    /// <summary>Whether the configuration may set a header of a kind of provider.</summary>
    public static bool IsFree(string name, ProviderKind kind) =>
        name.Length is > 0 and <= LongestName
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        && !Transports.Contains(name)
        && !name.Equals(CredentialOf(kind), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text can be sent as a header's value (RFC 9110, 5.5, without what only Latin-1 can write).</summary>
    public static bool IsValue(string value) =>
        value.Length is > 0 and <= LongestValue && value.All(letter => letter is >= ' ' and <= '~') && value.Trim().Length == value.Length;
}
