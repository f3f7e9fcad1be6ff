using AiPlatform.Application.Content;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Infrastructure.Content.Extraction;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content;

internal static class Registration
{
    public static void AddContent(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<IContentDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddStorage(configuration);
        services.AddDocuments(configuration);
        services.AddTextReaders(configuration);
    }

    private static void AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<StorageOptions>(options => options.TakeAliases(configuration));
        services.AddCheckedOptions<StorageOptions>(configuration, StorageOptions.Section);
        services.AddSingleton(provider => Settings(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddSingleton<IBlobLinks, BlobLinks>();
        services.AddSingleton<LocalBlobStore>();
        services.AddSingleton<AzureBlobStore>();
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value.Kind switch
        {
            StorageKind.AzureBlob => provider.GetRequiredService<AzureBlobStore>(),
            _ => provider.GetRequiredService<LocalBlobStore>(),
        });
        services.AddScoped<FileIntake>();
        services.AddSingleton<IGeneratedImages, GeneratedImages>();
    }

    private static void AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<RagOptions>(options => options.TakeAliases(configuration));
        services.AddCheckedOptions<RagOptions>(configuration, RagOptions.Section);
        services.AddSingleton<IValidateOptions<RagOptions>, RagOptionsValidator>();
        services.AddSingleton(provider => Settings(provider.GetRequiredService<IOptions<RagOptions>>().Value));
        services.AddSingleton<SegmentCache>();
        services.AddScoped<ISearchIndexes, SearchIndexes>();
        services.AddScoped<PassageFinder>();
        services.AddScoped<DocumentReader>();
    }

    private static void AddTextReaders(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<DocumentIntelligenceOptions>(options => options.TakeAliases(configuration));
        services.AddCheckedOptions<DocumentIntelligenceOptions>(configuration, DocumentIntelligenceOptions.Section);
        services.AddHttpClient(DocumentIntelligenceReader.Client, client => client.MaxResponseContentBufferSize = DocumentIntelligenceReader.MaxAnswerSize)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton<IDocumentTextReader, PlainTextReader>();
        services.AddSingleton<IDocumentTextReader, WordReader>();
        services.AddSingleton<IDocumentTextReader>(provider => provider.GetRequiredService<IOptions<DocumentIntelligenceOptions>>().Value.IsConfigured
            ? ActivatorUtilities.CreateInstance<DocumentIntelligenceReader>(provider)
            : ActivatorUtilities.CreateInstance<PdfToTextReader>(provider));
        services.AddSingleton<ITextExtractor, TextExtractor>();
    }

    private static StorageSettings Settings(StorageOptions options) =>
        new(options.UploadContainer, options.ImageContainer, options.FileUrlLifetime, options.ImageUrlLifetime);

    private static RagSettings Settings(RagOptions options) =>
        new(options.Model, options.EmbeddingModel, options.BotType, options.MaxChunks);
}
