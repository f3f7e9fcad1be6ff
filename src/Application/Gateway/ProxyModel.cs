using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>
/// Asks one of the hosts that offer models of many vendors. Which one says <c>provider</c>, or the start of the model's name
/// (<c>or/</c>, <c>glama/</c>, <c>req/</c>, <c>aiml/</c>, <c>a4f/</c>), or else it is the first that is configured. Fields that are not
/// listed here reach it as they are.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[Refuses(typeof(ProxyErrors), nameof(ProxyErrors.UnknownProvider), nameof(ProxyErrors.NotConfigured))]
[Refuses(typeof(RelayErrors), nameof(RelayErrors.Failed), nameof(RelayErrors.TimedOut))]
[Rewords("tokens_used_up", ErrorKind.Forbidden, "Insufficient tokens")]
[Rewords("provider_failed", ErrorKind.BadGateway, "Provider request failed")]
[Rewords("provider_timeout", ErrorKind.GatewayTimeout, "Provider request timed out")]
public sealed record ProxyModelCommand : IRequest<ProxyReply>, IMeteredRequest
{
    /// <summary>What is asked for, which the route names.</summary>
    [JsonIgnore]
    public RelayedOperation Operation { get; init; }

    /// <summary><c>openrouter</c>, <c>glama</c>, <c>requesty</c>, <c>aiml</c> or <c>a4f</c>.</summary>
    public Supplied<string> Provider { get; init; }

    /// <summary>The model as its host names it, behind the host's prefix or without it.</summary>
    /// <example>or/openai/gpt-4o-mini</example>
    [Required]
    [MaxLength(RelayCommand.MaxModelLength)]
    public Supplied<string> Model { get; init; }

    /// <summary>Whether the answer comes as a stream of events.</summary>
    public Supplied<bool> Stream { get; init; }

    /// <summary>Most tokens of the answer.</summary>
    public Supplied<int> MaxTokens { get; init; }

    /// <summary>Most tokens of the answer and of the reasoning before it.</summary>
    public Supplied<int> MaxCompletionTokens { get; init; }

    /// <summary>How many answers.</summary>
    [Range(1, RelayCommand.MaxCount)]
    public Supplied<int> N { get; init; }

    /// <summary>How many answers to choose from.</summary>
    [Range(1, RelayCommand.MaxCount)]
    public Supplied<int> BestOf { get; init; }

    /// <summary>The host, and the model as it names it.</summary>
    internal ProxyHost? Host => ProxyHost.Of(Provider.Or(string.Empty), Model.Value);

    /// <summary>The same as any other client's request; a host knows no <c>provider</c> that is a text.</summary>
    internal RelayCommand ToRelay() => new()
    {
        Operation = Operation,
        Model = Model,
        Stream = Stream,
        MaxTokens = MaxTokens,
        MaxCompletionTokens = MaxCompletionTokens,
        N = N,
        BestOf = BestOf,
        OwnFields = ["provider"],
    };
}

/// <summary>What the host answered, with the platform's own word about it.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Provider">The host, in lower case.</param>
/// <param name="TokensUsed">Tokens of the prompt and of the answer.</param>
public sealed record ProxyReply(RelayReply Answer, string Provider, long TokensUsed) : IRecordedAnswer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Recorded => Answer.Recorded;

    /// <inheritdoc/>
    [JsonIgnore]
    public bool IsWhole => Answer.IsWhole;

    /// <summary>What the call took and left, as JSON.</summary>
    /// <param name="remaining">Tokens left of the caller's limit; <see langword="null"/> where none binds.</param>
    public byte[] UsageInfo(long? remaining) =>
        JsonSerializer.SerializeToUtf8Bytes(new { tokens_used = TokensUsed, provider = Provider, remaining_tokens = remaining });

    /// <summary>The answer with <c>_usage_info</c> in it.</summary>
    /// <param name="remaining">Tokens left of the caller's limit; <see langword="null"/> where none binds.</param>
    public ReadOnlyMemory<byte> WithUsageInfo(long? remaining) =>
        JsonMembers.Set(Answer.Json, new JsonMember("_usage_info", UsageInfo(remaining)));
}

internal sealed class ProxyModelValidator : FieldRules<ProxyModelCommand>
{
    public ProxyModelValidator()
    {
        RequireValue("model", command => command.Model, "a string");
        Require(
            command => RelayFields.RefusalOf(command.ToRelay()) is null,
            command => ProxyErrors.OfField(RelayFields.RefusalOf(command.ToRelay())!),
            [.. RelayFields.Refusals.Select(ProxyErrors.OfField)]);
        RequireValue("provider", command => command.Provider, "the name of a provider", optional: true);
        var tooManyPrompts = ProxyErrors.OfField(RelayErrors.TooManyPrompts);
        Require<MeasuredBody>(
            (_, body, _) => Task.FromResult(body.Measure.Prompts <= RelayCommand.MaxPrompts), _ => tooManyPrompts, tooManyPrompts);
        Ask<ProxyTargets>((command, targets, cancellationToken) => targets.RefusalOfAsync(command, cancellationToken));
    }
}

internal sealed class ProxyModelBound(ProxyTargets targets, MeasuredBody body) : ICallBound<ProxyModelCommand>
{
    public ModelCallBound Of(ProxyModelCommand request) =>
        RelayBound.Of(request.ToRelay(), targets.Of(request), body.Measure) with { TakesPlanTokens = true };
}

internal sealed class ProxyModelHandler(
    ProxyTargets targets, ModelDispatcher dispatcher, AnswerRelay answers, RelayPlans plans, CallRecord record)
    : IRequestHandler<ProxyModelCommand, ProxyReply>
{
    private const int LargestAnswer = 4 * 1024 * 1024;

    public async Task<ProxyReply> Handle(ProxyModelCommand request, CancellationToken cancellationToken)
    {
        var plan = plans.For(request.ToRelay(), targets.Of(request));
        var outcome = await dispatcher.SendAsync(plan.Model, plan.CallFor, cancellationToken);
        if (outcome is not Dispatched.Answered { Reply: var reply, Route: var route })
        {
            throw Refusal(outcome);
        }

        await using (reply)
        {
            var answer = await answers.RelayAsync(new RelayLeg(plan, route), reply, LargestAnswer, cancellationToken);
            return new ProxyReply(answer, route.Provider.Name.ToLowerInvariant(), record.Delivery?.Usage.TotalTokens ?? 0);
        }
    }

    private static RefusedException Refusal(Dispatched outcome) => outcome switch
    {
        Dispatched.Inexpressible { Refusal: var refusal } => refusal,
        Dispatched.Failed { Cause: { } cause } => new RefusedException(RelayErrors.Of(cause), cause),
        _ => new RefusedException(RelayErrors.Failed(null)),
    };
}
