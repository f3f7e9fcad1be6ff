using AiPlatform.Clients.Provider;

namespace AiPlatform.Clients;

/// <summary>
/// The clients that users run, each with a script of its own. What the scripts expect of the platform they also expect of the
/// provider behind it, so that the one is known to speak the format for which the other is tested.
/// </summary>
public sealed class NpmClientTests
{
    private const string MessagesModel = "claude-haiku-4-5";

    private static readonly string[] Scripts = ["openai", "anthropic", "ai-sdk", "langchain", "agents"];

    private ProviderServer _provider = null!;
    private Platform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _provider = await ProviderServer.StartAsync();
        _platform = await Platform.StartAsync(_provider);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [TestCaseSource(nameof(Scripts))]
    public Task Provider_WhenTheClientAsksItDirectly_SpeaksItsFormat(string script) =>
        Script.RunAsync(script, _provider, platform: null, MessagesModel);

    [TestCaseSource(nameof(Scripts))]
    public Task Platform_WhenTheClientAsksIt_AnswersAsTheProviderDoes(string script) =>
        Script.RunAsync(script, _provider, _platform, MessagesModel);
}
