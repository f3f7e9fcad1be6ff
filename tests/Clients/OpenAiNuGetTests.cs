#pragma warning disable OPENAI001 // Responses are for evaluation in this version of the package.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Clients.Provider;
using AiPlatform.WebApi.FunctionalTests.Support;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Images;
using OpenAI.Responses;

namespace AiPlatform.Clients;

/// <summary>The package OpenAI of NuGet, against the provider itself and through the platform.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class OpenAiNuGetTests(bool throughPlatform)
{
    private const string Model = "gpt-4o-mini";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "The weather in a city", BinaryData.FromString(CitySchema));

    private OpenAIClient _client = null!;
    private OpenAIClient _impatient = null!;

    private const string CitySchema =
        """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    [OneTimeSetUp]
    public async Task MakeClientsAsync()
    {
        var key = throughPlatform ? (await Deployment.Platform.CreateAccountAsync(Platform.Plenty)).ApiKey : ProviderServer.Key;
        _client = NewClient(key, retries: 3);
        _impatient = NewClient(key, retries: 0);
    }

    [Test]
    public async Task Chat_WhenItIsAsked_Answers()
    {
        ChatCompletion answer = await _client.GetChatClient(Model).CompleteChatAsync("Good morning ((upstream prompt=20 cached=5))");

        Assert.That(answer.Content[0].Text, Is.EqualTo("You said: Good morning"));
        Assert.That(answer.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That((answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount), Is.EqualTo((20, 4)));
        Assert.That(answer.Usage.InputTokenDetails.CachedTokenCount, Is.EqualTo(5));
    }

    [Test]
    public async Task Chat_WhenItIsStreamed_BringsEveryPieceAndTheUsage()
    {
        var (pieces, text, usage) = (0, new StringBuilder(), default(ChatTokenUsage));
        await foreach (var update in _client.GetChatClient(Model).CompleteChatStreamingAsync("Count ((upstream answer=40))"))
        {
            pieces += update.ContentUpdate.Count(part => part.Text.Length > 0);
            update.ContentUpdate.ToList().ForEach(part => text.Append(part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.That(pieces, Is.EqualTo(40));
        Assert.That(text.ToString(), Does.StartWith("Word word2").And.EndsWith(" word40"));
        Assert.That(usage?.OutputTokenCount, Is.EqualTo(40));
    }

    [Test]
    public async Task Chat_WhenItCallsATool_UsesItsAnswer()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };
        var messages = new List<ChatMessage> { new UserChatMessage("What is the weather in Pretoria?") };

        ChatCompletion first = await _client.GetChatClient(Model).CompleteChatAsync(messages, options);
        var call = first.ToolCalls.Single();
        messages.AddRange([new AssistantChatMessage(first), new ToolChatMessage(call.Id, "24 degrees")]);
        ChatCompletion second = await _client.GetChatClient(Model).CompleteChatAsync(messages, options);

        Assert.That(first.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(JsonNode.Parse(call.FunctionArguments)!["city"]!.GetValue<string>(), Is.EqualTo("Pretoria"));
        Assert.That(second.Content[0].Text, Is.EqualTo("The answer is 24 degrees"));
    }

    [Test]
    public async Task Embeddings_WhenTextsAreGiven_AreAsLongAsTheyShouldBe()
    {
        OpenAI.Embeddings.OpenAIEmbeddingCollection vectors =
            await _client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingsAsync(["a", "bcd"]);

        Assert.That(vectors.Select(vector => vector.ToFloats().Length), Is.EqualTo(new[] { 8, 8 }));
        Assert.That(vectors.Usage.InputTokenCount, Is.Positive);
    }

    [Test]
    public async Task Image_WhenItIsMade_IsAPicture()
    {
        GeneratedImage image = await _client.GetImageClient("dall-e-3").GenerateImageAsync(
            "A lighthouse", new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Bytes });

        Assert.That(image.ImageBytes.ToArray()[1..4], Is.EqualTo("PNG"u8.ToArray()));
    }

    [Test]
    public async Task Models_WhenTheyAreListed_ContainTheOneThatIsFound()
    {
        OpenAI.Models.OpenAIModelCollection models = await _client.GetOpenAIModelClient().GetModelsAsync();
        OpenAI.Models.OpenAIModel one = await _client.GetOpenAIModelClient().GetModelAsync(Model);

        Assert.That(models.Select(model => model.Id), Has.Member(Model));
        Assert.That(one.Id, Is.EqualTo(Model));
    }

    [Test]
    public async Task Response_WhenItIsAsked_Answers()
    {
        ResponseResult response = await _client.GetResponsesClient().CreateResponseAsync(Model, "Good evening");

        Assert.That(response.GetOutputText(), Is.EqualTo("You said: Good evening"));
        Assert.That(response.Usage.OutputTokenCount, Is.EqualTo(4));
    }

    [Test]
    public async Task Response_WhenItIsStreamed_BringsEveryPieceAndCompletes()
    {
        var (pieces, completed) = (0, default(ResponseResult));
        await foreach (var update in await _client.GetResponsesClient().CreateResponseStreamingAsync(Model, "Count ((upstream answer=20))"))
        {
            pieces += update is StreamingResponseOutputTextDeltaUpdate ? 1 : 0;
            completed = (update as StreamingResponseCompletedUpdate)?.Response ?? completed;
        }

        Assert.That(pieces, Is.EqualTo(20));
        Assert.That(completed?.Usage.OutputTokenCount, Is.EqualTo(20));
    }

    [Test]
    public async Task Trouble_WhenItPasses_IsRetriedByTheClient()
    {
        ChatCompletion answer = await _client.GetChatClient(Model).CompleteChatAsync(
            $"Patience ((upstream status=503 times=2 id={Unique.Id()}))");

        Assert.That(answer.Content[0].Text, Is.EqualTo("You said: Patience"));
    }

    [TestCase("((upstream status=400))", 400)]
    [TestCase("((upstream status=429 retry-after=1))", 429)]
    public void Refusal_WhenTheProviderMakesIt_HasItsStatus(string directive, int status) => Assert.That(
        () => _impatient.GetChatClient(Model).CompleteChatAsync($"Hello {directive}"),
        Throws.InstanceOf<ClientResultException>().With.Property(nameof(ClientResultException.Status)).EqualTo(status));

    /// <summary>What a provider forbids the platform is no fault of the caller.</summary>
    [Test]
    public void Prohibition_WhenTheProviderMakesIt_IsThePlatformsConcern() => Assert.That(
        () => _impatient.GetChatClient(Model).CompleteChatAsync("Hello ((upstream status=403))"),
        Throws.InstanceOf<ClientResultException>()
            .With.Property(nameof(ClientResultException.Status)).EqualTo(throughPlatform ? 502 : 403));

    [Test]
    public void Key_WhenItIsUnknown_Is401() => Assert.That(
        () => NewClient("sk-unknown", retries: 0).GetChatClient(Model).CompleteChatAsync("Hello"),
        Throws.InstanceOf<ClientResultException>().With.Property(nameof(ClientResultException.Status)).EqualTo(401));

    [Test]
    public void Model_WhenItIsUnknown_Is404() => Assert.That(
        () => _impatient.GetChatClient("no-such-model").CompleteChatAsync("Hello"),
        Throws.InstanceOf<ClientResultException>().With.Property(nameof(ClientResultException.Status)).EqualTo(404));

    private OpenAIClient NewClient(string key, int retries)
    {
        var address = throughPlatform ? new Uri(Deployment.Platform.Address, "v1") : new Uri(Deployment.Provider.Endpoint);
        return new OpenAIClient(
            new ApiKeyCredential(key),
            new OpenAIClientOptions { Endpoint = address, RetryPolicy = new ClientRetryPolicy(retries) });
    }
}
