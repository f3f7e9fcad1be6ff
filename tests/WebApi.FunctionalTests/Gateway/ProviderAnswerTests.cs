using System.Text.Json.Nodes;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>What is believed of a provider's answer: it is a stranger's input.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProviderAnswerTests
{
    private static readonly Dictionary<string, Action<JsonObject>> Useless = new()
    {
        ["no choices"] = answer => answer.Remove("choices"),
        ["empty choices"] = answer => answer["choices"] = new JsonArray(),
        ["choices of another type"] = answer => answer["choices"] = 7,
        ["a choice that is null"] = answer => answer["choices"] = new JsonArray((JsonNode?)null),
        ["no message"] = answer => answer["choices"]![0]!.AsObject().Remove("message"),
        ["content of another type"] = answer => answer["choices"]![0]!["message"]!["content"] = 7,
        ["null content"] = answer => answer["choices"]![0]!["message"]!["content"] = null,
    };

    private static readonly Dictionary<string, (JsonNode? Usage, TokenUsage Read)> Usages = new()
    {
        ["reported"] = (Upstream.Usage(125, 84, cached: 100), new TokenUsage(125, 84, 100)),
        ["absent"] = (null, new TokenUsage(0, 0, null)),
        ["negative"] = (Upstream.Usage(-5, -1, cached: -2), new TokenUsage(0, 0, null)),
        ["beyond any context"] = (Upstream.Usage(int.MaxValue - 1, 1), new TokenUsage(0, 1, 0)),
        ["of another type"] = ("many", new TokenUsage(0, 0, null)),
        ["fractional"] = (new JsonObject { ["prompt_tokens"] = 1.5, ["completion_tokens"] = "7" }, new TokenUsage(0, 0, null)),
        ["without details"] = (new JsonObject { ["prompt_tokens"] = 3, ["completion_tokens"] = 4 }, new TokenUsage(3, 4, null)),
    };

    private static IEnumerable<string> UselessNames => Useless.Keys;

    private static IEnumerable<string> UsageNames => Usages.Keys;

    [TestCaseSource(nameof(UselessNames))]
    public async Task Answer_ThatIsNoCompletion_BecomesAnInternalError(string name)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Spoilt(Useless[name]));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That((await gateway.RefusalAsync()).Code, Is.EqualTo("provider_failed"));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("not json")]
    [TestCase("""{"choices":[{"message":{"content":"\ud800"}}]}""")]
    public async Task Answer_ThatIsNoReadableObject_BecomesAnInternalError(string body)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw(body));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That((await gateway.RefusalAsync()).Code, Is.EqualTo("provider_failed"));
    }

    [Test]
    public async Task Answer_OfAModelThatDeclines_IsItsRefusal()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Spoilt(answer =>
            answer["choices"]![0]!["message"] = new JsonObject { ["content"] = null, ["refusal"] = "I cannot help with that." }));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That((await gateway.AskAsync()).Text, Is.EqualTo("I cannot help with that."));
    }

    [TestCaseSource(nameof(UsageNames))]
    public async Task Usage_HoweverReported_IsNeverBelowZeroNorBeyondReason(string name)
    {
        var (usage, read) = Usages[name];
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Spoilt(answer => answer["usage"] = usage?.DeepClone()));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That((await gateway.AskAsync()).Usage, Is.EqualTo(read));
    }

    [TestCase("""{"data":[{"index":0,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":["x"]}]}""")]
    [TestCase("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1e99]}]}""")]
    public async Task Embeddings_ThatDoNotFitTheTexts_BecomeAnInternalError(string body)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw(body));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That(
            async () => await gateway.Models.EmbedAsync("text-embedding-3-small", ["a", "b"], CancellationToken.None),
            Throws.TypeOf<RefusedException>().With.Property("Error").With.Property("Code").EqualTo("provider_failed"));
    }

    [TestCase("""{"data":[]}""")]
    [TestCase("""{"data":[{"url":"https://example.org/image.png"}]}""")]
    [TestCase("""{"data":[{"b64_json":"not base64!"}]}""")]
    [TestCase("""{"data":[{"b64_json":"R0lGODlhAQABAAAAACw="}]}""")]
    [TestCase("""{"data":[{"b64_json":""}]}""")]
    public async Task Image_ThatIsNoPng_BecomesAnInternalError(string body)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw(body));
        using var gateway = LoopbackGateway.Over(upstream);

        Assert.That(
            async () => await gateway.Images.GenerateAsync(
                new ImagePrompt("dall-e-3", "x", "1024x1024", "standard", "vivid"), CancellationToken.None),
            Throws.TypeOf<RefusedException>().With.Property("Error").With.Property("Code").EqualTo("provider_failed"));
    }
}
