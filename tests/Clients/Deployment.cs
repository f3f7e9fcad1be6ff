using AiPlatform.Clients.Provider;

namespace AiPlatform.Clients;

/// <summary>What all clients share: one provider, and one platform in front of it.</summary>
[SetUpFixture]
public sealed class Deployment
{
    internal static ProviderServer Provider { get; private set; } = null!;

    internal static Platform Platform { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Provider = await ProviderServer.StartAsync();
        Platform = await Platform.StartAsync(Provider);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Platform.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
