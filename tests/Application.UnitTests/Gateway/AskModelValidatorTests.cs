using AiPlatform.Application.Gateway;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>Every refusal of the model routes, in its words and its turn.</summary>
public sealed class AskModelValidatorTests
{
    private const string Input = "Missing required fields: user_input";
    private const string Temperature = "Temperature must be between 0 and 1";
    private const string TopP = "top_p must be between 0 and 1";
    private const string Presence = "presence_penalty must be between -2 and 2";
    private const string Frequency = "frequency_penalty must be between -2 and 2";
    private const string MaxTokens = "max_tokens must be a positive integer";
    private const string System = "system_prompt must be a string of at most 100000 characters";
    private const string Json = "json_output must be true or false";

    private static readonly AskModelCommand Right = new() { Model = AskedModel.Llama, UserInput = "Hi" };

    private static readonly Dictionary<string, (AskModelCommand Command, string? Refusal)> Cases = new()
    {
        ["only an input"] = (Right, null),
        ["no input"] = (Right with { UserInput = default }, Input),
        ["null input"] = (Right with { UserInput = Supplied<string>.Null }, Input),
        ["mistyped input"] = (Right with { UserInput = Supplied<string>.Mistyped }, Input),
        ["empty input"] = (Right with { UserInput = string.Empty }, Input),
        ["blank input"] = (Right with { UserInput = " \n" }, Input),
        ["longest input"] = (Right with { UserInput = new string('x', 100_000) }, null),
        ["input too long"] =
            (Right with { UserInput = new string('x', 100_001) }, "user_input must be a string of at most 100000 characters"),
        ["empty system prompt"] = (Right with { SystemPrompt = string.Empty }, null),
        ["null system prompt"] = (Right with { SystemPrompt = Supplied<string>.Null }, System),
        ["mistyped system prompt"] = (Right with { SystemPrompt = Supplied<string>.Mistyped }, System),
        ["system prompt too long"] = (Right with { SystemPrompt = new string('x', 100_001) }, System),
        ["lowest temperature"] = (Right with { Temperature = 0 }, null),
        ["highest temperature"] = (Right with { Temperature = 1 }, null),
        ["temperature too low"] = (Right with { Temperature = -0.01 }, Temperature),
        ["temperature too high"] = (Right with { Temperature = 1.01 }, Temperature),
        ["temperature not finite"] = (Right with { Temperature = double.PositiveInfinity }, Temperature),
        ["null temperature"] = (Right with { Temperature = Supplied<double>.Null }, Temperature),
        ["mistyped temperature"] = (Right with { Temperature = Supplied<double>.Mistyped }, Temperature),
        ["lowest top_p"] = (Right with { TopP = 0 }, null),
        ["top_p too high"] = (Right with { TopP = 1.5 }, TopP),
        ["mistyped top_p"] = (Right with { TopP = Supplied<double>.Mistyped }, TopP),
        ["lowest presence"] = (Right with { PresencePenalty = -2 }, null),
        ["presence too low"] = (Right with { PresencePenalty = -2.1 }, Presence),
        ["mistyped presence"] = (Right with { PresencePenalty = Supplied<double>.Mistyped }, Presence),
        ["highest frequency"] = (Right with { FrequencyPenalty = 2 }, null),
        ["frequency too high"] = (Right with { FrequencyPenalty = 2.1 }, Frequency),
        ["mistyped frequency"] = (Right with { FrequencyPenalty = Supplied<double>.Mistyped }, Frequency),
        ["fewest tokens"] = (Right with { MaxTokens = 1 }, null),
        ["most tokens"] = (Right with { MaxTokens = 8192 }, null),
        ["no tokens"] = (Right with { MaxTokens = 0 }, MaxTokens),
        ["too many tokens"] = (Right with { MaxTokens = 8193 }, MaxTokens),
        ["mistyped tokens"] = (Right with { MaxTokens = Supplied<int>.Mistyped }, MaxTokens),
        ["json"] = (Right with { JsonOutput = true }, null),
        ["mistyped json"] = (Right with { JsonOutput = Supplied<bool>.Mistyped }, Json),
        ["null json"] = (Right with { JsonOutput = Supplied<bool>.Null }, Json),
    };

    /// <summary>Everything wrong at once; each entry mends what the one before it was refused for.</summary>
    private static readonly (string Refusal, Func<AskModelCommand, AskModelCommand> Mend)[] InTurn =
    [
        (Input, command => command with { UserInput = "Hi" }),
        (System, command => command with { SystemPrompt = "Be brief" }),
        (Temperature, command => command with { Temperature = 1 }),
        (TopP, command => command with { TopP = 1 }),
        (Presence, command => command with { PresencePenalty = 1 }),
        (Frequency, command => command with { FrequencyPenalty = 1 }),
        (MaxTokens, command => command with { MaxTokens = 1 }),
        (Json, command => command with { JsonOutput = true }),
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
        var command = new AskModelCommand
        {
            Model = AskedModel.Llama,
            SystemPrompt = Supplied<string>.Mistyped,
            Temperature = 7,
            TopP = 7,
            PresencePenalty = 7,
            FrequencyPenalty = 7,
            MaxTokens = -1,
            JsonOutput = Supplied<bool>.Mistyped,
        };

        foreach (var (refusal, mend) in InTurn)
        {
            Assert.That(useCases.Refusal(command), Is.EqualTo(refusal));
            command = mend(command);
        }

        Assert.That(useCases.Refusal(command), Is.Null);
    }

    [TestCase(AskedModel.DeepSeekR1)]
    [TestCase(AskedModel.Gpt4oMini)]
    [TestCase(AskedModel.Gpt4o)]
    [TestCase(AskedModel.O1Mini)]
    public void RouteWithoutSampling_WhenSamplingFieldsAreWrong_DoesNotLookAtThem(AskedModel model)
    {
        using var useCases = new GatewayUseCases();

        Assert.That(useCases.Refusal(Right with { Model = model, TopP = 7, PresencePenalty = 7, FrequencyPenalty = 7 }), Is.Null);
    }

    [Test]
    public void Validator_WithoutABody_AsksForOneFirst()
    {
        using var useCases = new GatewayUseCases(BodyState.Missing);

        Assert.That(useCases.Refusal(new AskModelCommand()), Is.EqualTo("Request body is required"));
    }
}
