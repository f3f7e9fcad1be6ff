namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Security";

    /// <summary>Fewest characters of a pepper.</summary>
    public const int MinPepperLength = 32;

    /// <summary>
    /// The secret that every stored hash and every signature depends on; the same on all replicas, kept outside the database.
    /// Outside Production it is made at first start and kept in a file beside the data.
    /// </summary>
    [Secret]
    public string? Pepper { get; set; }

    /// <summary>Where a pepper that the platform made is kept, relative to the working directory.</summary>
    public string PepperFile { get; set; } = "data/pepper.key";
}
