namespace AiPlatform.Domain.Metering;

/// <summary>
/// Tokens of images that are sold by the token, as gpt-image-1 writes them
/// (https://platform.openai.com/docs/guides/image-generation#cost-and-latency).
/// </summary>
public static class ImageTokens
{
    /// <summary>Most tokens of one image: the largest in high quality.</summary>
    public const int Most = 6_240;

    private static readonly Dictionary<(string Size, string Quality), int> Documented = new()
    {
        [("1024x1024", "low")] = 272,
        [("1024x1536", "low")] = 408,
        [("1536x1024", "low")] = 400,
        [("1024x1024", "medium")] = 1_056,
        [("1024x1536", "medium")] = 1_584,
        [("1536x1024", "medium")] = 1_568,
        [("1024x1024", "high")] = 4_160,
        [("1024x1536", "high")] = 6_240,
        [("1536x1024", "high")] = 6_208,
    };

    /// <summary>Tokens of some images, where nobody counted: those documented for their size and quality, or else the most.</summary>
    /// <param name="images">The images.</param>
    public static long Of(ImageBatch images) => (long)images.Count * Documented.GetValueOrDefault((images.Size, images.Quality), Most);
}
