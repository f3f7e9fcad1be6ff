using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>The stand-in for models that nobody serves.</summary>
public sealed class SandboxTests
{
    private static readonly ChatPrompt Question = new("gpt-4o", [new ChatMessage("user", "What is a ledger? ✓")]);

    [Test]
    public async Task Chat_WhenNobodyElseServesTheModel_AnswersAndSaysWhatItIs()
    {
        using var gateway = new ConfiguredGateway();

        var answer = await gateway.Models.CompleteAsync(Question, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Text, Does.StartWith("[Sandbox] ").And.Contain("What is a ledger? ✓"));
            Assert.That(answer.Provider, Is.EqualTo("Sandbox"));
            Assert.That(answer.Model, Is.EqualTo("sandbox-gpt-4o"));
            Assert.That(answer.Usage.PromptTokens, Is.Positive);
            Assert.That(answer.Usage.CompletionTokens, Is.Positive);
            Assert.That(answer.Usage.CachedTokens, Is.Zero);
        }
    }

    [Test]
    public async Task Chat_AskedTheSameTwice_AnswersTheSame()
    {
        using var one = new ConfiguredGateway();
        using var other = new ConfiguredGateway();

        Assert.That(
            await one.Models.CompleteAsync(Question, CancellationToken.None),
            Is.EqualTo(await other.Models.CompleteAsync(Question, CancellationToken.None)));
    }

    [Test]
    public async Task Chat_AskedForJson_AnswersALabelledObject()
    {
        using var gateway = new ConfiguredGateway();

        var answer = await gateway.Models.CompleteAsync(Question with { ResponseFormat = "json_object" }, CancellationToken.None);

        using var json = JsonDocument.Parse(answer.Text);
        Assert.That(json.RootElement.GetProperty("sandbox").GetBoolean(), Is.True);
    }

    [TestCase("1024x1024", 1024, 1024)]
    [TestCase("1792x1024", 1792, 1024)]
    [TestCase("1024x1792", 1024, 1792)]
    public async Task Image_OfASize_IsAValidPngOfThatSizeThatSaysWhatItIs(string size, int width, int height)
    {
        using var gateway = new ConfiguredGateway();

        var image = await gateway.Images.GenerateAsync(new ImagePrompt("dall-e-3", "x", size, "hd", "vivid"), CancellationToken.None);

        var chunks = ChunksOf(image.Png.ToArray());
        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        await zlib.CopyToAsync(pixels);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(chunks.Keys, Is.EqualTo(new[] { "IHDR", "PLTE", "tEXt", "IDAT", "IEND" }));
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]), Is.EqualTo(width));
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4)), Is.EqualTo(height));
            Assert.That(pixels.Length, Is.EqualTo(height * (1 + (width / 8))));
            Assert.That(pixels.ToArray().Any(row => row != 0), Is.True, "The word is drawn.");
            Assert.That(Encoding.Latin1.GetString(chunks["tEXt"]), Does.Contain("Sandbox"));
            Assert.That(image.Png.Length, Is.LessThan(64 * 1024));
        }
    }

    [Test]
    public void Embeddings_WhenNobodyElseServesThem_AreRefused()
    {
        using var gateway = new ConfiguredGateway();

        var refused = Assert.ThrowsAsync<RefusedException>(
            () => gateway.Models.EmbedAsync("text-embedding-3-small", ["x"], CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.Models.CanEmbed("text-embedding-3-small"), Is.False);
            Assert.That(refused.Error, Is.EqualTo(GatewayErrors.NotConfigured));
        }
    }

    [Test]
    public void Chat_WhenTheSandboxIsOff_IsRefusedAsNotConfigured()
    {
        using var gateway = new ConfiguredGateway("Production");

        var refused = Assert.ThrowsAsync<RefusedException>(() => gateway.Models.CompleteAsync(Question, CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Error.Kind, Is.EqualTo(ErrorKind.Internal));
            Assert.That(refused.Error.Message, Is.EqualTo("Model provider is not configured"));
        }
    }

    /// <summary>The PNG's chunks by type, each with a checksum that is right.</summary>
    private static Dictionary<string, byte[]> ChunksOf(byte[] png)
    {
        var chunks = new Dictionary<string, byte[]>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var typed = png.AsSpan(at + 4, 4 + length);
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)), Is.EqualTo(Crc(typed)));
            chunks.Add(Encoding.ASCII.GetString(typed[..4]), typed[4..].ToArray());
            at += 12 + length;
        }

        return chunks;
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 * (crc & 1));
            }
        }

        return ~crc;
    }
}
