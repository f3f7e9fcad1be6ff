using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Content;

/// <summary>The field by which routes name a file.</summary>
internal static class FileIds
{
    /// <summary>The field is absent, empty or no text; the words of seed 000.</summary>
    public static readonly Error Required = RequestErrors.Invalid("file_id is required in the request body");

    public static bool IsGiven(Supplied<string> fileId) => fileId.IsGiven && !string.IsNullOrWhiteSpace(fileId.Value);
}
