using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What reaches a provider over real HTTP, and where.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProviderRequestTests
{
    [Test]
    public async Task OpenAI_WhenAsked_GetsTheComposedBodyAndItsKeyAndNothingElse()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream);

        var answer = await gateway.Models.CompleteAsync(
            new ChatPrompt("gpt-4o", [new ChatMessage("user", "Grüße \"✓\"")])
            {
                Temperature = 0.5,
                MaxTokens = 9,
                ResponseFormat = "text",
            },
            CancellationToken.None);

        var request = upstream.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(new ChatAnswer("A fine answer", "gpt-4o-2024-08-06", "OpenAI", new TokenUsage(125, 84, 0))));
            Assert.That(request.Method, Is.EqualTo("POST"));
            Assert.That(request.Path, Is.EqualTo("/v1/chat/completions"));
            Assert.That(request.Headers["Authorization"], Is.EqualTo($"Bearer {LoopbackGateway.Key}"));
            Assert.That(
                request.Headers.Keys,
                Is.EquivalentTo(new[] { "Host", "User-Agent", "Authorization", "Content-Type", "Content-Length" }));
            Assert.That(request.Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(
                """
                {"model":"gpt-4o","messages":[{"role":"user","content":"Grüße \"✓\""}],"temperature":0.5,"max_tokens":9,
                "response_format":{"type":"text"}}
                """)!.ToJsonString()));
        }
    }

    [Test]
    public async Task ReasoningModel_WithALimit_IsSentTheLimitUnderTheNameItKnows()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream);

        await gateway.Models.CompleteAsync(
            new ChatPrompt("o1-mini", [new ChatMessage("user", "Hi")]) { MaxTokens = 9 }, CancellationToken.None);

        var body = upstream.Requests.Single().Json.AsObject();
        Assert.That(body.Select(member => member.Key), Is.EqualTo(new[] { "model", "messages", "max_completion_tokens" }));
    }

    [TestCase("")]
    [TestCase("openai/v1")]
    [TestCase("openai/v1/")]
    public async Task AzureOpenAI_WhenAsked_IsCalledAtItsVersionOneApiWithItsOwnHeader(string path)
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = new LoopbackGateway(
            ("OPENAI_API_ENDPOINT", new Uri(upstream.Address, path).AbsoluteUri),
            ("OPENAI_API_KEY", LoopbackGateway.Key),
            ("Providers:AzureOpenAI:Models:gpt-4o", "our-deployment"));

        var answer = await gateway.AskAsync();

        var request = upstream.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Provider, Is.EqualTo("AzureOpenAI"));
            Assert.That(request.Path, Is.EqualTo("/openai/v1/chat/completions"));
            Assert.That(request.Headers["api-key"], Is.EqualTo(LoopbackGateway.Key));
            Assert.That(request.Headers, Does.Not.ContainKey("Authorization"));
            Assert.That(request.Json["model"]!.GetValue<string>(), Is.EqualTo("our-deployment"));
        }
    }

    [Test]
    public async Task HostOfOnesOwn_WithoutAKey_IsSentNone()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = new LoopbackGateway(
            ("Providers:Shed:Endpoint", upstream.Endpoint), ("Providers:Shed:Models:gpt-4o", "gpt-oss:20b"));

        var answer = await gateway.AskAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Provider, Is.EqualTo("Shed"));
            Assert.That(upstream.Requests.Single().Headers, Does.Not.ContainKey("Authorization"));
        }
    }

    [Test]
    public async Task Image_WhenMade_IsThePngThatWasSent()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream);

        var image = await gateway.Images.GenerateAsync(
            new ImagePrompt("dalle3-hd", "A lighthouse", "1024x1792", "hd", "natural"), CancellationToken.None);

        var request = upstream.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.Png.ToArray(), Is.EqualTo(Convert.FromBase64String(Upstream.Pixel)));
            Assert.That(image.PromptTokens, Is.EqualTo(125));
            Assert.That(request.Path, Is.EqualTo("/v1/images/generations"));
            Assert.That(request.Json.ToJsonString(), Is.EqualTo(JsonNode.Parse(
                """
                {"model":"dall-e-3","prompt":"A lighthouse","n":1,"size":"1024x1792","quality":"hd","style":"natural",
                "response_format":"b64_json"}
                """)!.ToJsonString()));
        }
    }

    [Test]
    public async Task Embeddings_OfSomeTexts_ComeInTheirOrder()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream);

        var answer = await gateway.Models.EmbedAsync("text-embedding-3-small", ["a", "bcd"], CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Vectors.Select(vector => vector.ToArray()), Is.EqualTo(new[] { new[] { 0.5f, 1f }, [1.5f, 3f] }));
            Assert.That(upstream.Requests.Single().Path, Is.EqualTo("/v1/embeddings"));
        }
    }

    [Test]
    public async Task Log_OfAFailedCall_NamesProviderAndStatusAndNeitherKeyNorBodies()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(401));
        using var gateway = LoopbackGateway.Over(upstream);

        await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.Log.Text, Does.Contain("OpenAI").And.Contain("401").And.Contain("req-upstream"));
            Assert.That(
                gateway.Log.Text,
                Does.Not.Contain(LoopbackGateway.Key).And.Not.Contain(Upstream.Secret).And.Not.Contain("\"Hi\""));
        }
    }
}
