namespace AiPlatform.Clients;

/// <summary>
/// The clients that users run, each with a script of its own. What the scripts expect of the platform they also expect of the
/// provider behind it, so that the one is known to speak the format for which the other is tested.
/// </summary>
public sealed class NpmClientTests
{
    private const string MessagesModel = "claude-haiku-4-5";

    private static readonly string[] Scripts = ["openai", "anthropic", "ai-sdk", "langchain", "agents"];

    [TestCaseSource(nameof(Scripts))]
    public Task Provider_WhenTheClientAsksItDirectly_SpeaksItsFormat(string script) =>
        Script.RunAsync(script, Deployment.Provider, platform: null, MessagesModel);

    [TestCaseSource(nameof(Scripts))]
    public Task Platform_WhenTheClientAsksIt_AnswersAsTheProviderDoes(string script) =>
        Script.RunAsync(script, Deployment.Provider, Deployment.Platform, MessagesModel);
}
