using System.Buffers;
using AiPlatform.Application.Gateway;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>Which headers reach a provider: those of its kind, of the configuration, and a few of the client.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProviderHeaderTests
{
    private const string Private = "value-that-is-a-secret";

    [Test]
    public async Task ConfiguredHeaders_OfAProvider_GoWithEveryRequestAndIntoNoLog()
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(
            upstream, TimeProvider.System, ("Headers:X-Title", Private), ("Headers:User-Agent", "Shop/1.0 (its own)"));

        await gateway.AskAsync();

        var headers = upstream.Requests.Single().Headers;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(headers["X-Title"], Is.EqualTo(Private));
            Assert.That(headers["User-Agent"], Is.EqualTo("Shop/1.0 (its own)"));
            Assert.That(headers["Authorization"], Is.EqualTo($"Bearer {LoopbackGateway.Key}"));
            Assert.That(gateway.Log.Text, Does.Not.Contain(Private));
        }
    }

    [Test]
    public async Task Anthropic_WhenAsked_GetsItsKeyAndVersionAndTheClientsHeadersThatItKnows()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw("{}"));
        using var gateway = Anthropic(upstream);

        await using var reply = await gateway.Provider.SendAsync(
            Message(("anthropic-beta", "files-2025"), ("x-api-key", "the client's"), ("Cookie", "c"), ("Host", "elsewhere")),
            CancellationToken.None);

        var request = upstream.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Path, Is.EqualTo("/v1/messages"));
            Assert.That(request.Headers["x-api-key"], Is.EqualTo(LoopbackGateway.Key));
            Assert.That(request.Headers["anthropic-version"], Is.EqualTo("2023-06-01"));
            Assert.That(request.Headers["anthropic-beta"], Is.EqualTo("files-2025"));
            Assert.That(request.Headers.Keys, Is.EquivalentTo(new[]
            {
                "Host", "User-Agent", "Content-Type", "Content-Length", "x-api-key", "anthropic-version", "anthropic-beta",
            }));
            Assert.That(request.Headers["Host"], Is.EqualTo(upstream.Address.Authority));
        }
    }

    [Test]
    public async Task ClientsVersion_OfAnthropicsApi_ReplacesOurs()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw("{}"));
        using var gateway = Anthropic(upstream);

        await using var reply = await gateway.Provider.SendAsync(Message(("Anthropic-Version", "2024-10-22")), CancellationToken.None);

        Assert.That(upstream.Requests.Single().Headers["anthropic-version"], Is.EqualTo("2024-10-22"));
    }

    [Test]
    public async Task ConfiguredHeader_ThatAClientSetsToo_IsTheConfigurations()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw("{}"));
        using var gateway = Anthropic(upstream, ("Providers:Claude:Headers:anthropic-beta", "ours"));

        await using var reply = await gateway.Provider.SendAsync(Message(("anthropic-beta", "theirs")), CancellationToken.None);

        Assert.That(upstream.Requests.Single().Headers["anthropic-beta"], Is.EqualTo("ours"));
    }

    [TestCase("beta\r\nX-Evil: 1")]
    [TestCase("bêta")]
    [TestCase("")]
    [TestCase(" beta")]
    [TestCase("too long")]
    public async Task ClientsHeader_ThatCannotBeSent_IsLeftOut(string value)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Raw("{}"));
        using var gateway = Anthropic(upstream);
        var sent = value == "too long" ? new string('a', 5000) : value;

        await using var reply = await gateway.Provider.SendAsync(Message(("anthropic-beta", sent)), CancellationToken.None);

        Assert.That(upstream.Requests.Single().Headers.Keys, Has.None.EqualTo("anthropic-beta").And.None.EqualTo("X-Evil"));
    }

    private static LoopbackGateway Anthropic(LoopbackUpstream upstream, params (string Key, string? Value)[] settings) => new(
    [
        ("Providers:Claude:Kind", "Anthropic"),
        ("Providers:Claude:Endpoint", upstream.Endpoint),
        ("Providers:Claude:ApiKey", LoopbackGateway.Key),
        ("Providers:Claude:Models:gpt-4o", "claude"),
        .. settings,
    ]);

    private static ProviderCall Message(params (string Name, string Value)[] headers) =>
        new(ProviderOperations.Messages, "claude", new ReadOnlySequence<byte>("{}"u8.ToArray())) { Headers = headers };
}
