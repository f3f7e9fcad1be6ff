using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Asks one of the models of the AI API framework.</summary>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(GatewayErrors), nameof(GatewayErrors.NotConfigured), nameof(GatewayErrors.Rejections), nameof(GatewayErrors.Failed))]
public sealed record AskModelCommand : IRequest<ModelReply>, IMeteredRequest
{
    /// <summary>The system prompt where none is sent.</summary>
    public const string DefaultSystemPrompt = "You are a helpful AI assistant";

    /// <summary>Most characters of the input, and of the system prompt.</summary>
    public const int MaxTextLength = 100_000;

    /// <summary>Highest <c>max_tokens</c>.</summary>
    public const int HighestMaxTokens = 8192;

    /// <summary>The model, which the route names.</summary>
    [JsonIgnore]
    public AskedModel Model { get; init; }

    /// <summary>What the user asks.</summary>
    /// <example>Name three rivers of Africa.</example>
    [Required]
    [MaxLength(MaxTextLength)]
    public Supplied<string> UserInput { get; init; }

    /// <summary>How the model is to behave.</summary>
    [MaxLength(MaxTextLength)]
    [DefaultValue(DefaultSystemPrompt)]
    public Supplied<string> SystemPrompt { get; init; }

    /// <summary>Randomness; 0.5 by default, on <c>/llm/llama</c> 0.8.</summary>
    /// <example>0.5</example>
    [Range(0.0, 1.0)]
    public Supplied<double> Temperature { get; init; }

    /// <summary>Nucleus sampling; looked at by <c>/llm/llama</c> only.</summary>
    [Range(0.0, 1.0)]
    [DefaultValue(0.1)]
    public Supplied<double> TopP { get; init; }

    /// <summary>How much to avoid words that were used already; looked at by <c>/llm/llama</c> only.</summary>
    [Range(-2.0, 2.0)]
    [DefaultValue(0.0)]
    public Supplied<double> PresencePenalty { get; init; }

    /// <summary>How much to avoid words the more often they were used; looked at by <c>/llm/llama</c> only.</summary>
    [Range(-2.0, 2.0)]
    [DefaultValue(0.0)]
    public Supplied<double> FrequencyPenalty { get; init; }

    /// <summary>Most tokens of the answer; 2048 by default on <c>/llm/deepseek-r1</c> and <c>/llm/llama</c>, elsewhere the model's own.</summary>
    /// <example>2048</example>
    [Range(1, HighestMaxTokens)]
    public Supplied<int> MaxTokens { get; init; }

    /// <summary>Whether the answer is to be a JSON object. OpenAI refuses that unless the prompt says the word JSON too.</summary>
    [DefaultValue(false)]
    public Supplied<bool> JsonOutput { get; init; }
}

/// <summary>A model's answer.</summary>
/// <param name="Message">The answer.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="Model">The model's name, as the route reports it.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Usage">What it took.</param>
public sealed record ModelReply(string Message, Caller Caller, string Model, string Provider, TokenUsage Usage);

internal sealed class AskModelValidator : OrderedValidator<AskModelCommand>
{
    public AskModelValidator()
    {
        RequireBody();
        RequireFields(("user_input", command => command.UserInput));
        RequireText("user_input", command => command.UserInput, AskModelCommand.MaxTextLength);
        Require(
            command => command.SystemPrompt.IsAbsentOr(prompt => prompt.Length <= AskModelCommand.MaxTextLength),
            RequestErrors.Invalid($"system_prompt must be a string of at most {AskModelCommand.MaxTextLength} characters"));
        Require(command => IsWithin(command.Temperature, 0, 1), RequestErrors.Invalid("Temperature must be between 0 and 1"));
        RequireSampling(command => command.TopP, 0, 1, "top_p must be between 0 and 1");
        RequireSampling(command => command.PresencePenalty, -2, 2, "presence_penalty must be between -2 and 2");
        RequireSampling(command => command.FrequencyPenalty, -2, 2, "frequency_penalty must be between -2 and 2");
        Require(
            command => command.MaxTokens.IsAbsentOr(most => most is >= 1 and <= AskModelCommand.HighestMaxTokens),
            RequestErrors.Invalid("max_tokens must be a positive integer"));
        Require(command => command.JsonOutput.IsAbsentOr(_ => true), RequestErrors.Invalid("json_output must be true or false"));
    }

    private static bool IsWithin(Supplied<double> number, double lowest, double highest) =>
        number.IsAbsentOr(value => value >= lowest && value <= highest);

    private void RequireSampling(Func<AskModelCommand, Supplied<double>> field, double lowest, double highest, string message) =>
        Require(
            command => !ModelRouteRules.Of(command.Model).TakesSampling || IsWithin(field(command), lowest, highest),
            RequestErrors.Invalid(message));
}

internal sealed class AskModelBound(IModelBounds bounds) : ICallBound<AskModelCommand>
{
    public ModelCallBound Of(AskModelCommand request)
    {
        var prompt = ModelRouteRules.Of(request.Model).Compose(request);
        return bounds.OfChat(prompt.Model, TokenBounds.OfMessages(prompt.Messages), prompt.MaxTokens);
    }
}

internal sealed class AskModelHandler(IModelGateway gateway, CallRecord record) : IRequestHandler<AskModelCommand, ModelReply>
{
    public async Task<ModelReply> Handle(AskModelCommand request, CancellationToken cancellationToken)
    {
        var rules = ModelRouteRules.Of(request.Model);
        var prompt = rules.Compose(request);
        var answer = await gateway.CompleteAsync(prompt with { MaxTokens = record.AnswerLimit ?? prompt.MaxTokens }, cancellationToken);
        record.Deliver(new Delivery(prompt.Model, answer.Provider, TokenBounds.UsageOf(prompt, answer)));
        return new ModelReply(answer.Text, record.RequiredCaller, rules.NameFor(answer), answer.Provider, answer.Usage);
    }
}
