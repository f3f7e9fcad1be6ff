using AiPlatform.Application.Gateway;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>The image route: its refusals in words and order, what it asks for, and what it keeps.</summary>
public sealed class GenerateImageTests
{
    private const string Prompt = "Missing required field: prompt";
    private const string Deployment = "Invalid deployment. Must be one of: dall-e-3, dalle3-hd";
    private const string Size = "Invalid size. Must be one of: 1024x1024, 1792x1024, 1024x1792";
    private const string Quality = "Invalid quality. Must be one of: standard, hd";
    private const string Style = "Invalid style. Must be one of: vivid, natural";

    private static readonly GenerateImageCommand Right = new() { Prompt = "A lighthouse" };

    private static readonly Dictionary<string, (GenerateImageCommand Command, string? Refusal)> Cases = new()
    {
        ["only a prompt"] = (Right, null),
        ["no prompt"] = (Right with { Prompt = default }, Prompt),
        ["null prompt"] = (Right with { Prompt = Supplied<string>.Null }, Prompt),
        ["mistyped prompt"] = (Right with { Prompt = Supplied<string>.Mistyped }, Prompt),
        ["empty prompt"] = (Right with { Prompt = string.Empty }, Prompt),
        ["longest prompt"] = (Right with { Prompt = new string('x', 4000) }, null),
        ["prompt too long"] = (Right with { Prompt = new string('x', 4001) }, "prompt must be a string of at most 4000 characters"),
        ["other deployment"] = (Right with { Deployment = "dalle3-hd" }, null),
        ["unknown deployment"] = (Right with { Deployment = "dall-e-2" }, Deployment),
        ["mistyped deployment"] = (Right with { Deployment = Supplied<string>.Mistyped }, Deployment),
        ["null deployment"] = (Right with { Deployment = Supplied<string>.Null }, Deployment),
        ["other size"] = (Right with { Size = "1024x1792" }, null),
        ["unknown size"] = (Right with { Size = "512x512" }, Size),
        ["other quality"] = (Right with { Quality = "hd" }, null),
        ["unknown quality"] = (Right with { Quality = "HD" }, Quality),
        ["other style"] = (Right with { Style = "natural" }, null),
        ["unknown style"] = (Right with { Style = "" }, Style),
    };

    private static readonly (string Refusal, Func<GenerateImageCommand, GenerateImageCommand> Mend)[] InTurn =
    [
        (Prompt, command => command with { Prompt = "A lighthouse" }),
        (Deployment, command => command with { Deployment = "dall-e-3" }),
        (Size, command => command with { Size = "1024x1024" }),
        (Quality, command => command with { Quality = "standard" }),
        (Style, command => command with { Style = "vivid" }),
    ];

    private static IEnumerable<string> CaseNames => Cases.Keys;

    [TestCaseSource(nameof(CaseNames))]
    public void Validator_WhenFieldsAreSent_AnswersTheDocumentedWords(string name)
    {
        using var useCases = new GatewayUseCases();
        var (command, refusal) = Cases[name];

        Assert.That(useCases.Refusal(command), Is.EqualTo(refusal));
    }

    [Test]
    public void Validator_WhenEverythingIsWrong_RefusesInTheDocumentedOrder()
    {
        using var useCases = new GatewayUseCases();
        var command = new GenerateImageCommand { Deployment = "x", Size = "x", Quality = "x", Style = "x" };

        foreach (var (refusal, mend) in InTurn)
        {
            Assert.That(useCases.Refusal(command), Is.EqualTo(refusal));
            command = mend(command);
        }

        Assert.That(useCases.Refusal(command), Is.Null);
    }

    [Test]
    public void Validator_WithoutABody_AsksForOneFirst()
    {
        using var useCases = new GatewayUseCases(BodyState.Missing);

        Assert.That(useCases.Refusal(new GenerateImageCommand()), Is.EqualTo("Request body is required"));
    }

    [Test]
    public async Task Handler_WithOnlyAPrompt_AsksForTheDefaults()
    {
        using var useCases = new GatewayUseCases();

        await useCases.HandleAsync<GenerateImageCommand, ImageReply>(Right);

        Assert.That(useCases.ImagePrompt, Is.EqualTo(new ImagePrompt("dall-e-3", "A lighthouse", "1024x1024", "standard", "vivid")));
    }

    [Test]
    public async Task Handler_WhenTheImageIsMade_KeepsItUnderANewNameAndAnswersItsUrl()
    {
        using var useCases = new GatewayUseCases();

        var reply = await useCases.HandleAsync<GenerateImageCommand, ImageReply>(Right with { Deployment = "dalle3-hd" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(useCases.Stored.Name, Does.Match("^image-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.]png$"));
            Assert.That(useCases.Stored.Png, Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(reply, Is.EqualTo(
                new ImageReply("http://localhost/files/image.png?sig=x", 7, GatewayUseCases.Asker, "dalle3-hd", "OpenAI")));
        }
    }
}
