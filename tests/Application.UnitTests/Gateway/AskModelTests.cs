using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>How each model route words its prompt, and what it reports.</summary>
public sealed class AskModelTests
{
    private const string DefaultSystem = "You are a helpful AI assistant";

    [TestCase(AskedModel.Gpt4oMini, "gpt-4o-mini")]
    [TestCase(AskedModel.Gpt4o, "gpt-4o")]
    public async Task OpenAIRoute_WithOnlyAnInput_PrefixesItAndNamesTheTextFormat(AskedModel model, string name)
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = model, UserInput = "Hi" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(prompt.Model, Is.EqualTo(name));
            Assert.That(prompt.Messages, Is.EqualTo(
                new[] { new ChatMessage("system", DefaultSystem), new ChatMessage("user", "Provided text: Hi") }));
            Assert.That(prompt with { Messages = [] }, Is.EqualTo(
                new ChatPrompt(name, []) { Temperature = 0.5, ResponseFormat = "text" }));
        }
    }

    [Test]
    public async Task OpenAIRoute_WithAnEmptySystemPrompt_SendsItAllTheSame()
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = AskedModel.Gpt4o, UserInput = "Hi", SystemPrompt = string.Empty });

        Assert.That(prompt.Messages[0], Is.EqualTo(new ChatMessage("system", string.Empty)));
    }

    [Test]
    public async Task O1Mini_WithATemperature_MergesTheSystemPromptAndSendsNoTemperature()
    {
        var prompt = await PromptOfAsync(
            new AskModelCommand { Model = AskedModel.O1Mini, UserInput = "Hi", SystemPrompt = "Be brief", Temperature = 0.9 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(prompt.Messages, Is.EqualTo(new[] { new ChatMessage("user", "Be brief\n\nProvided text: Hi") }));
            Assert.That(prompt with { Messages = [] }, Is.EqualTo(new ChatPrompt("o1-mini", []) { ResponseFormat = "text" }));
        }
    }

    [Test]
    public async Task DeepSeek_WithOnlyAnInput_SendsItVerbatimWithoutAFormat()
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = AskedModel.DeepSeekR1, UserInput = "Hi" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(prompt.Messages, Is.EqualTo(new[] { new ChatMessage("system", DefaultSystem), new ChatMessage("user", "Hi") }));
            Assert.That(prompt with { Messages = [] }, Is.EqualTo(
                new ChatPrompt("deepseek-r1", []) { Temperature = 0.5, MaxTokens = 2048 }));
        }
    }

    [Test]
    public async Task Llama_WithOnlyAnInput_SendsItsSamplingDefaults()
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = AskedModel.Llama, UserInput = "Hi" });

        Assert.That(prompt with { Messages = [] }, Is.EqualTo(new ChatPrompt("llama-3.1-405b", [])
        {
            Temperature = 0.8,
            TopP = 0.1,
            PresencePenalty = 0,
            FrequencyPenalty = 0,
            MaxTokens = 2048,
        }));
    }

    [TestCase(AskedModel.DeepSeekR1)]
    [TestCase(AskedModel.Llama)]
    public async Task InferenceRoute_WithAnEmptySystemPrompt_SendsNoSystemMessage(AskedModel model)
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = model, UserInput = "Hi", SystemPrompt = string.Empty });

        Assert.That(prompt.Messages, Is.EqualTo(new[] { new ChatMessage("user", "Hi") }));
    }

    [Test]
    public async Task AnyRoute_AskedForJson_NamesTheJsonFormat([Values] AskedModel model)
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = model, UserInput = "Hi", JsonOutput = true });

        Assert.That(prompt.ResponseFormat, Is.EqualTo("json_object"));
    }

    [Test]
    public async Task AnyRoute_WithALimit_SendsIt([Values] AskedModel model)
    {
        var prompt = await PromptOfAsync(new AskModelCommand { Model = model, UserInput = "Hi", MaxTokens = 17 });

        Assert.That(prompt.MaxTokens, Is.EqualTo(17));
    }

    [TestCase(AskedModel.DeepSeekR1, "upstream-name", "upstream-name")]
    [TestCase(AskedModel.DeepSeekR1, null, "deepseek-r1-aiapi")]
    [TestCase(AskedModel.Llama, "upstream-name", "upstream-name")]
    [TestCase(AskedModel.Llama, null, "llama-3-1-405b")]
    [TestCase(AskedModel.Gpt4oMini, "upstream-name", "gpt-4o-mini")]
    [TestCase(AskedModel.Gpt4o, "upstream-name", "gpt-4o")]
    [TestCase(AskedModel.O1Mini, "upstream-name", "o1-mini")]
    public async Task Reply_WhenTheModelAnswered_NamesTheModelAsItsRouteDocuments(AskedModel model, string? upstreamName, string reported)
    {
        using var useCases = new GatewayUseCases { Answer = new ChatAnswer("fine", upstreamName, "AzureOpenAI", new TokenUsage(3, 2, 1)) };

        var reply = await useCases.HandleAsync<AskModelCommand, ModelReply>(new AskModelCommand { Model = model, UserInput = "Hi" });

        Assert.That(reply, Is.EqualTo(
            new ModelReply("fine", GatewayUseCases.Asker, reported, "AzureOpenAI", new TokenUsage(3, 2, 1))));
    }

    private static async Task<ChatPrompt> PromptOfAsync(AskModelCommand command)
    {
        using var useCases = new GatewayUseCases();
        await useCases.HandleAsync<AskModelCommand, ModelReply>(command);
        return useCases.Prompt!;
    }
}
