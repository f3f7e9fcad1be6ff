using System.Collections.Concurrent;
using System.Net.Http.Headers;
using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content;

/// <summary>Blobs in Azure Blob Storage, in private containers that are made when they are first written to.</summary>
internal sealed class AzureBlobStore : IBlobStore
{
    /// <summary>Bytes that one upload holds in memory: it sends one block after another, never two at a time.</summary>
    private const int BlockSize = 4 * 1024 * 1024;

    private readonly BlobServiceClient _service;

    private readonly ConcurrentDictionary<string, bool> _madeContainers = new(StringComparer.Ordinal);

    public AzureBlobStore(IOptions<StorageOptions> options)
    {
        _service = new BlobServiceClient(options.Value.ConnectionString, Impatient());
    }

    /// <summary>Whether a connection string names an account and carries the key that signs links.</summary>
    public static bool CanSign(string? connectionString)
    {
        try
        {
            return !string.IsNullOrEmpty(connectionString) && new BlobServiceClient(connectionString).CanGenerateAccountSasUri;
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    public async Task PutAsync(BlobAddress address, Stream content, string contentType, CancellationToken cancellationToken)
    {
        await MakeContainerAsync(address.Container, cancellationToken);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlockSize,
                MaximumTransferSize = BlockSize,
                MaximumConcurrency = 1,
            },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };

        // Blocks that are sent become a blob only when the list of them is committed, after the last byte.
        await Client(address).UploadAsync(content, options, cancellationToken);
    }

    public async Task<Stream?> OpenReadAsync(BlobAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await Client(address).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
        }
        catch (RequestFailedException missing) when (IsMissing(missing))
        {
            return null;
        }
    }

    public async Task DeleteAsync(BlobAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await Client(address).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellationToken);
        }
        catch (RequestFailedException missing) when (IsMissing(missing))
        {
            // The container was never made.
        }
    }

    public Uri SignedUrl(BlobAddress address, BlobPresentation presentation, DateTimeOffset expiresAt)
    {
        var client = Client(address);
        return client.GenerateSasUri(new BlobSasBuilder(BlobSasPermissions.Read, expiresAt)
        {
            BlobContainerName = address.Container,
            BlobName = address.Name,
            Resource = "b",
            Protocol = client.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
            ContentType = presentation.ContentType,
            ContentDisposition = Disposition(presentation),
        });
    }

    /// <summary>
    /// The SDK alone would try six times for 100 seconds each: a caller would not wait so long, and a model's call that stores
    /// its image must end before the hold that pays for it expires.
    /// </summary>
    private static BlobClientOptions Impatient() => new()
    {
        Retry =
        {
            MaxRetries = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        },
    };

    private static string Disposition(BlobPresentation presentation) =>
        new ContentDispositionHeaderValue(presentation.IsInline ? "inline" : "attachment") { FileNameStar = presentation.FileName }.ToString();

    private static bool IsMissing(RequestFailedException failure) =>
        failure.ErrorCode == BlobErrorCode.BlobNotFound || failure.ErrorCode == BlobErrorCode.ContainerNotFound;

    private BlobClient Client(BlobAddress address) => _service.GetBlobContainerClient(address.Container).GetBlobClient(address.Name);

    private async Task MakeContainerAsync(string container, CancellationToken cancellationToken)
    {
        if (!_madeContainers.ContainsKey(container))
        {
            await _service.GetBlobContainerClient(container).CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            _madeContainers.TryAdd(container, true);
        }
    }
}
