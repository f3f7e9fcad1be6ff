using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Asks the model that is nearest to what the caller wants to pay, get and wait for. The wallet pays.</summary>
[RequireCredential(CredentialKind.Any)]
[Refuses(typeof(QueryErrors), nameof(QueryErrors.ProviderFailed))]
public sealed record QueryModelCommand : IRequest<QueryAnswer>, IMeteredRequest, IAskedBesideItsBody
{
    /// <summary>Most characters of the query.</summary>
    public const int MaxQueryLength = 32_000;

    /// <summary>Most tokens of the answer.</summary>
    public const int MostAnswerTokens = 1024;

    /// <summary>The query; it may be in the query string instead.</summary>
    /// <example>Name three rivers of Africa.</example>
    [MaxLength(MaxQueryLength)]
    public Supplied<string> UserQuery { get; init; }

    /// <summary>What the model should be like.</summary>
    [Required]
    public Supplied<QueryPreferences> UserInput { get; init; }

    /// <summary>The query, which its body need not carry.</summary>
    [JsonIgnore]
    public string Beside => UserQuery.Or(string.Empty);

    internal ChoicePoint Point => UserInput.Value.Point;

    internal ChatPrompt PromptFor(string model) => new(model, [new ChatMessage("user", UserQuery.Value)]);
}

/// <summary>Where between the lowest and the highest of all models the answer should come from; 0.5 where it is not said.</summary>
public sealed record QueryPreferences
{
    /// <summary>Of the price: 0 is the cheapest, 1 the dearest.</summary>
    /// <example>0.2</example>
    [JsonPropertyName("Cost")]
    [Range(0.0, 1.0)]
    public Supplied<double> Cost { get; init; }

    /// <summary>Of the quality: 1 is the best.</summary>
    /// <example>0.8</example>
    [JsonPropertyName("Performance")]
    [Range(0.0, 1.0)]
    public Supplied<double> Performance { get; init; }

    /// <summary>Of the time to the first word: 0 is the fastest.</summary>
    /// <example>0.1</example>
    [JsonPropertyName("latency")]
    [Range(0.0, 1.0)]
    public Supplied<double> Latency { get; init; }

    internal ChoicePoint Point => new(Cost.Or(ChoicePoint.Middle), Performance.Or(ChoicePoint.Middle), Latency.Or(ChoicePoint.Middle));
}

/// <summary>The answer to a query.</summary>
/// <param name="Response">What the model wrote.</param>
/// <param name="WalletBalance">What the wallet has after the call, in nano-USD.</param>
/// <param name="Model">Public name of the model.</param>
/// <param name="InputTokens">Tokens of the query.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="Cost">What the call cost, in nano-USD.</param>
public sealed record QueryAnswer(string Response, long WalletBalance, string Model, int InputTokens, int OutputTokens, long Cost);

/// <summary>The models that were chosen for the call at hand: its rules, its hold and its handler share the choice.</summary>
internal sealed class QueryChoice(IModelChoice choice, IWallets wallets, CallRecord record)
{
    /// <summary>The nearest model, and those that may stand in for it, in order.</summary>
    public IReadOnlyList<string> Models { get; private set; } = [];

    /// <summary>What had been paid into the caller's wallet and not been spent when the model was chosen, in nano-USD.</summary>
    public long Wallet { get; private set; }

    /// <summary>Chooses.</summary>
    /// <returns>Why the call is refused; <see langword="null"/> where a model was chosen.</returns>
    public async Task<Error?> ChooseAsync(ChoicePoint point, CancellationToken cancellationToken)
    {
        var wallet = await wallets.OfAsync(record.RequiredCaller.UserId, cancellationToken);
        if (wallet.Available <= 0)
        {
            return QueryErrors.WalletEmpty;
        }

        Wallet = wallet.Granted - wallet.Spent;

        Models = [.. (await choice.RankAsync(point, CanAsk, cancellationToken)).Select(model => model.Name)];
        return Models.Count == 0 ? QueryErrors.ProviderFailed(retryAfter: null) : null;
    }

    private static bool CanAsk(ServingRoute route) => route.Provider.Serves(ProviderOperations.ChatCompletions);
}

internal sealed class QueryModelValidator : FieldRules<QueryModelCommand>
{
    private static readonly (string Name, Func<QueryPreferences, Supplied<double>> Field)[] Weights =
    [
        ("user_input.Cost", wanted => wanted.Cost),
        ("user_input.Performance", wanted => wanted.Performance),
        ("user_input.latency", wanted => wanted.Latency),
    ];

    public QueryModelValidator()
    {
        RequireField(
            "user_query",
            command => command.UserQuery,
            text => !string.IsNullOrWhiteSpace(text) && text.Length <= QueryModelCommand.MaxQueryLength,
            $"a string of 1 to {QueryModelCommand.MaxQueryLength} characters");
        RequireValue("user_input", command => command.UserInput, "an object with Cost, Performance and latency, each 0 to 1");
        foreach (var (name, field) in Weights)
        {
            RequireNumber(name, command => field(command.UserInput.Value), 0, 1, optional: true);
        }

        Ask<QueryChoice>(
            (command, choice, cancellationToken) => choice.ChooseAsync(command.Point, cancellationToken), QueryErrors.WalletEmpty);
    }
}

internal sealed class QueryModelBound(IModelBounds bounds, QueryChoice choice) : ICallBound<QueryModelCommand>
{
    public ModelCallBound Of(QueryModelCommand request) => Of(request, choice.Models[0]) with
    {
        Fallbacks = [.. choice.Models.Skip(1).Select(model => Of(request, model))],
    };

    private ModelCallBound Of(QueryModelCommand request, string model)
    {
        var promptTokens = TokenBounds.OfMessages(request.PromptFor(model).Messages);
        var bound = bounds.OfChat(model, promptTokens, QueryModelCommand.MostAnswerTokens);
        return bound with { LeastAnswerTokens = bound.MostAnswerTokens, WalletPays = true };
    }
}

internal sealed class QueryModelHandler(
    ModelGateway gateway, QueryChoice choice, ICallBound<QueryModelCommand> bounds, CallRecord record)
    : IRequestHandler<QueryModelCommand, QueryAnswer>
{
    public async Task<QueryAnswer> Handle(QueryModelCommand request, CancellationToken cancellationToken)
    {
        var (prompt, answer) = await CompleteAsync(PromptsFor(request), cancellationToken);
        var usage = TokenBounds.UsageOf(prompt, answer);
        record.Deliver(new Delivery(prompt.Model, answer.Provider, usage));
        var cost = record.PaidOf(Meter.Wallet);
        return new QueryAnswer(
            answer.Text, choice.Wallet - cost, prompt.Model, (int)usage.PromptTokens, (int)usage.AnswerTokens, cost);
    }

    /// <summary>One prompt for each model that the hold pays, none of which is asked for more than it writes.</summary>
    private List<ChatPrompt> PromptsFor(QueryModelCommand request)
    {
        var bound = bounds.Of(request)!;
        return [.. bound.Fallbacks.Prepend(bound)
            .Where(model => record.PaidModels.Contains(model.Model))
            .Select(model => request.PromptFor(model.Model) with
            {
                MaxTokens = Math.Min(record.AnswerLimit ?? QueryModelCommand.MostAnswerTokens, model.MostAnswerTokens),
            })];
    }

    /// <summary>Whatever a provider refuses is its failure here: the caller chose neither it nor the form of the request.</summary>
    private async Task<(ChatPrompt Prompt, ChatAnswer Answer)> CompleteAsync(List<ChatPrompt> prompts, CancellationToken cancellationToken)
    {
        try
        {
            return await gateway.CompleteFirstAsync(prompts, cancellationToken);
        }
        catch (RefusedException refused)
        {
            throw new RefusedException(QueryErrors.ProviderFailed(refused.Error.RetryAfter), refused);
        }
    }
}
