namespace AiPlatform.Domain.Content;

/// <summary>How much one upload may carry.</summary>
public static class UploadLimits
{
    /// <summary>Most files in one request.</summary>
    public const int FilesPerRequest = 10;

    /// <summary>Most parts in one request, counting fields that are not files.</summary>
    public const int PartsPerRequest = 100;

    /// <summary>Largest file, in bytes (25 MiB).</summary>
    public const long BytesPerFile = 25L * 1024 * 1024;

    /// <summary>Largest request, in bytes (100 MiB), its part headers and boundaries included.</summary>
    public const long BytesPerRequest = 100L * 1024 * 1024;
}
