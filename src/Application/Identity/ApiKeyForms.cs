using System.Buffers;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity;

/// <summary>What secrets look like. No two forms have a text in common: what is issued in one is never of another.</summary>
public static class ApiKeyForms
{
    private const int HexadecimalLength = 64;

    // The version and the first bytes of the time of every Fernet token until the year 2106. No other secret is as long.
    private const string FernetStart = "gAAAA";
    private const int FernetLength = 100;

    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>What a text is, as its form tells.</summary>
    /// <param name="secret">The text.</param>
    public static CredentialForm FormOf(string secret) => secret switch
    {
        _ when secret.StartsWith("sk-", StringComparison.Ordinal)
            || secret.StartsWith("sk_live_", StringComparison.Ordinal)
            || secret.StartsWith("pe-", StringComparison.Ordinal)
            || Guid.TryParseExact(secret, "D", out _)
            || (secret.Length == HexadecimalLength && !secret.AsSpan().ContainsAnyExcept(LowerHexadecimal)) => CredentialForm.ApiKey,
        _ when secret.Length >= FernetLength && secret.StartsWith(FernetStart, StringComparison.Ordinal) => CredentialForm.EncryptedKey,
        _ when secret.AsSpan().Count('.') == 2 => CredentialForm.SessionToken,
        _ => CredentialForm.AccessToken,
    };

    /// <summary>One spelling a secret: a UUID is the same in either case.</summary>
    /// <param name="secret">The text.</param>
    public static string Normalise(string secret) => Guid.TryParseExact(secret, "D", out var key) ? key.ToString("D") : secret;

    /// <summary>How many first characters of a key of one form are shown.</summary>
    /// <param name="kind">The form.</param>
    public static int ShownOf(ApiKeyKind kind) => kind is ApiKeyKind.SkLive ? 12 : 8;
}
