using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AiPlatform.Domain.Content;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content;

/// <summary>The kinds of blob store.</summary>
public enum StorageKind
{
    /// <summary>A folder of this machine; links are signed and served by this platform.</summary>
    Local,

    /// <summary>Azure Blob Storage; links are shared access signatures.</summary>
    AzureBlob,
}

/// <summary>Configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Storage";

    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    /// <summary>Where bytes go; <see cref="StorageKind.Local"/> by default.</summary>
    public StorageKind Kind { get; set; } = StorageKind.Local;

    /// <summary>The folder of the local store, relative to the working directory.</summary>
    public string Path { get; set; } = "data/blobs";

    /// <summary>How to reach Azure Blob Storage; with an account key, which signs the links.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The container of uploads.</summary>
    public string UploadContainer { get; set; } = "file-uploads";

    /// <summary>The container of images that models made.</summary>
    public string ImageContainer { get; set; } = "dalle-images";

    /// <summary>How long a link to an upload is good; 1 minute to 7 days.</summary>
    public TimeSpan FileUrlLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a link to an image is good; 1 minute to 7 days.</summary>
    public TimeSpan ImageUrlLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == StorageKind.Local && (string.IsNullOrWhiteSpace(Path) || !IsFolder(Path)))
        {
            yield return new ValidationResult($"Storage:Path must be a folder that can be written, not '{Path}'.");
        }

        if (Kind == StorageKind.AzureBlob && !AzureBlobStore.CanSign(ConnectionString))
        {
            yield return new ValidationResult(
                "Storage:ConnectionString must be an Azure Storage connection string with AccountName and AccountKey when Storage:Kind is AzureBlob.");
        }

        if (!BlobAddress.IsContainer(UploadContainer) || !BlobAddress.IsContainer(ImageContainer) || UploadContainer == ImageContainer)
        {
            yield return new ValidationResult(
                "Storage:UploadContainer and Storage:ImageContainer must be two different names of 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (FileUrlLifetime < ShortestLifetime || FileUrlLifetime > LongestLifetime)
        {
            yield return new ValidationResult("Storage:FileUrlLifetime must be a time from 00:01:00 to 7.00:00:00.");
        }

        if (ImageUrlLifetime < ShortestLifetime || ImageUrlLifetime > LongestLifetime)
        {
            yield return new ValidationResult("Storage:ImageUrlLifetime must be a time from 00:01:00 to 7.00:00:00.");
        }
    }

    /// <summary>Takes in the variable names that seed 000 documents; the section's own keys win.</summary>
    /// <param name="configuration">The configuration.</param>
    internal void TakeAliases(IConfiguration configuration)
    {
        if (configuration["AZURE_STORAGE_CONNECTION_STRING"] is { Length: > 0 } connectionString)
        {
            (Kind, ConnectionString) = (StorageKind.AzureBlob, connectionString);
        }

        ImageContainer = Given(configuration["AZURE_STORAGE_CONTAINER"]) ?? ImageContainer;
        UploadContainer = Given(configuration["AZURE_STORAGE_UPLOAD_CONTAINER"]) ?? UploadContainer;
        FileUrlLifetime = Whole(configuration, "FILE_URL_TTL_MINUTES", TimeSpan.FromMinutes(1)) ?? FileUrlLifetime;
        ImageUrlLifetime = Whole(configuration, "IMAGE_URL_TTL_HOURS", TimeSpan.FromHours(1)) ?? ImageUrlLifetime;
    }

    /// <summary>Makes the folder where there is none, so that the first upload does not find out.</summary>
    private static bool IsFolder(string path)
    {
        try
        {
            using var probe = new FileStream(
                System.IO.Path.Combine(Directory.CreateDirectory(path).FullName, System.IO.Path.GetRandomFileName()),
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return true;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static TimeSpan? Whole(IConfiguration configuration, string key, TimeSpan unit)
    {
        if (Given(configuration[key]) is not { } text)
        {
            return null;
        }

        var longest = (int)(LongestLifetime / unit);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= longest
            ? count * unit
            : throw new OptionsValidationException(
                Section, typeof(StorageOptions), [$"{key} must be a whole number from 1 to {longest}, not '{text}'."]);
    }
}
