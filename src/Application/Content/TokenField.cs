using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Content;

/// <summary>The second factor as administrative routes carry it.</summary>
internal static class TokenField
{
    /// <summary>The field is absent, empty or no text; the words of seed 000.</summary>
    public static readonly Error Required = RequestErrors.Invalid("Valid token is required");

    public static bool IsGiven(Supplied<string> token) => token.IsGiven && !string.IsNullOrWhiteSpace(token.Value);
}
