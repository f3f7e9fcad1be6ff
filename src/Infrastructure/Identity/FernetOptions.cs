using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Fernet</c>: how API keys are encrypted that their owners are shown.</summary>
public sealed class FernetOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Fernet";

    /// <summary>
    /// A Fernet key (32 bytes as base64url), or any other text, of which a key is derived; derived of the pepper where it is unset.
    /// </summary>
    [Secret]
    public string? Key { get; set; }
}
