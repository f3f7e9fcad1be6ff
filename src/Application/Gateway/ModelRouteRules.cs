using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Application.Gateway;

/// <summary>The model routes of the AI API framework (<c>POST /llm/…</c>).</summary>
public enum AskedModel
{
    /// <summary><c>/llm/deepseek-r1</c>.</summary>
    DeepSeekR1,

    /// <summary><c>/llm/llama</c>.</summary>
    Llama,

    /// <summary><c>/llm/gpt-4o-mini</c>.</summary>
    Gpt4oMini,

    /// <summary><c>/llm/gpt-4o</c>.</summary>
    Gpt4o,

    /// <summary><c>/llm/o1-mini</c>.</summary>
    O1Mini,
}

/// <summary>How one of the model routes words its prompt, and what it tells its caller.</summary>
/// <param name="Model">The model in the catalogue.</param>
/// <param name="ReportedModel">The model's name in the reply.</param>
/// <param name="Wording">Makes the conversation of the system prompt and the input.</param>
internal sealed record ModelRouteRules(
    string Model, string ReportedModel, Func<string, string, IReadOnlyList<ChatMessage>> Wording)
{
    private const string InputPrefix = "Provided text: ";

    private static readonly Dictionary<AskedModel, ModelRouteRules> Routes = new()
    {
        [AskedModel.DeepSeekR1] = new("deepseek-r1", "deepseek-r1-aiapi", Verbatim)
        {
            PrefersProvidersName = true,
            DefaultMaxTokens = 2048,
        },
        [AskedModel.Llama] = new("llama-3.1-405b", "llama-3-1-405b", Verbatim)
        {
            PrefersProvidersName = true,
            DefaultMaxTokens = 2048,
            DefaultTemperature = 0.8,
            TakesSampling = true,
        },
        [AskedModel.Gpt4oMini] = new("gpt-4o-mini", "gpt-4o-mini", Prefixed) { NamesTextFormat = true },
        [AskedModel.Gpt4o] = new("gpt-4o", "gpt-4o", Prefixed) { NamesTextFormat = true },
        [AskedModel.O1Mini] = new("o1-mini", "o1-mini", Merged) { NamesTextFormat = true, SendsTemperature = false },
    };

    /// <summary>Whether the route takes <c>top_p</c> and the two penalties.</summary>
    public bool TakesSampling { get; private init; }

    private bool PrefersProvidersName { get; init; }

    private int? DefaultMaxTokens { get; init; }

    private double DefaultTemperature { get; init; } = 0.5;

    /// <summary>o1-mini knows no temperature; the route accepts and checks one all the same.</summary>
    private bool SendsTemperature { get; init; } = true;

    private bool NamesTextFormat { get; init; }

    public static ModelRouteRules Of(AskedModel model) => Routes[model];

    /// <summary>Words the prompt for the provider.</summary>
    public ChatPrompt Compose(AskModelCommand command) =>
        new(Model, Wording(command.SystemPrompt.Or(AskModelCommand.DefaultSystemPrompt), command.UserInput.Value))
        {
            Temperature = SendsTemperature ? command.Temperature.Or(DefaultTemperature) : null,
            TopP = TakesSampling ? command.TopP.Or(0.1) : null,
            PresencePenalty = TakesSampling ? command.PresencePenalty.Or(0) : null,
            FrequencyPenalty = TakesSampling ? command.FrequencyPenalty.Or(0) : null,
            MaxTokens = command.MaxTokens.IsGiven ? command.MaxTokens.Value : DefaultMaxTokens,
            ResponseFormat = command.JsonOutput.Or(false) ? "json_object" : NamesTextFormat ? "text" : null,
        };

    /// <summary>The model's name in the reply.</summary>
    public string NameFor(ChatAnswer answer) => PrefersProvidersName ? answer.Model ?? ReportedModel : ReportedModel;

    private static IReadOnlyList<ChatMessage> Verbatim(string systemPrompt, string input) =>
        systemPrompt.Length == 0
            ? [new ChatMessage("user", input)]
            : [new ChatMessage("system", systemPrompt), new ChatMessage("user", input)];

    private static IReadOnlyList<ChatMessage> Prefixed(string systemPrompt, string input) =>
        [new ChatMessage("system", systemPrompt), new ChatMessage("user", InputPrefix + input)];

    /// <summary>The model knows no system role.</summary>
    private static IReadOnlyList<ChatMessage> Merged(string systemPrompt, string input) =>
        [new ChatMessage("user", $"{systemPrompt}\n\n{InputPrefix}{input}")];
}
