using AiPlatform.Application.Content;
using AiPlatform.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.FunctionalTests.Content;

[Parallelizable(ParallelScope.All)]
public sealed class StorageSettingsTests
{
    [TestCase("Storage:Kind", "Floppy", "Storage:Kind")]
    [TestCase("Storage:Kind", "AzureBlob", "Storage:ConnectionString")]
    [TestCase("AZURE_STORAGE_CONNECTION_STRING", "nonsense", "Storage:ConnectionString")]
    [TestCase("Storage:Path", " ", "Storage:Path")]
    [TestCase("Storage:FileUrlLifetime", "8.00:00:00", "Storage:FileUrlLifetime")]
    [TestCase("Storage:ImageUrlLifetime", "soon", "Storage:ImageUrlLifetime")]
    [TestCase("AZURE_STORAGE_UPLOAD_CONTAINER", "Not A Container", "Storage:UploadContainer")]
    [TestCase("AZURE_STORAGE_CONTAINER", "file-uploads", "Storage:ImageContainer")]
    [TestCase("FILE_URL_TTL_MINUTES", "0", "FILE_URL_TTL_MINUTES")]
    [TestCase("IMAGE_URL_TTL_HOURS", "a day", "IMAGE_URL_TTL_HOURS")]
    [TestCase("Rag:MaxChunks", "0", "Rag:MaxChunks")]
    [TestCase("Rag:Model", "", "Rag:Model")]
    [TestCase("DocumentIntelligence:Endpoint", "http://example.com", "DocumentIntelligence:Endpoint")]
    [TestCase("DocumentIntelligence:Endpoint", "https://example.com", "DocumentIntelligence:Key")]
    public void Start_WhenAValueIsWrong_StopsWithTheKeysName(string key, string value, string named)
    {
        using var services = Services((key, value));

        Assert.That(
            services.GetRequiredService<IStartupValidator>().Validate,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(named));
    }

    [Test]
    public void Start_WhenTheDocumentedVariablesAreSet_TakesThem()
    {
        using var services = Services(
            ("AZURE_STORAGE_UPLOAD_CONTAINER", "my-files"),
            ("AZURE_STORAGE_CONTAINER", "my-images"),
            ("FILE_URL_TTL_MINUTES", "5"),
            ("IMAGE_URL_TTL_HOURS", "2"),
            ("RAG_BOT_TYPE", "House Rules"));

        Assert.That(
            services.GetRequiredService<StorageSettings>(),
            Is.EqualTo(new StorageSettings("my-files", "my-images", TimeSpan.FromMinutes(5), TimeSpan.FromHours(2))));
        Assert.That(services.GetRequiredService<RagSettings>().BotType, Is.EqualTo("House Rules"));
    }

    [Test]
    public void Start_WhenAKeyOfThePlatformIsSetToo_PrefersIt()
    {
        using var services = Services(("FILE_URL_TTL_MINUTES", "5"), ("Storage:FileUrlLifetime", "00:07:00"));

        Assert.That(services.GetRequiredService<StorageSettings>().FileUrlLifetime, Is.EqualTo(TimeSpan.FromMinutes(7)));
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        host.Services.AddLogging().AddInfrastructure(host.Configuration);
        return host.Services.BuildServiceProvider();
    }
}
