using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>
/// Asks any model in the form of a model API. Only the fields here are read; every other field of the body reaches the provider
/// as it was sent.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[Refuses(typeof(RelayErrors), nameof(RelayErrors.Untranslatable), nameof(RelayErrors.NotServed), nameof(RelayErrors.Failed), nameof(RelayErrors.TimedOut))]
public sealed record RelayCommand : IRequest<RelayReply>, IMeteredRequest
{
    /// <summary>Longest name of a model, in characters.</summary>
    public const int MaxModelLength = 200;

    /// <summary>Most answers, or images, to one request.</summary>
    public const int MaxCount = 128;

    /// <summary>Most texts that one request of OpenAI's older form goes on with.</summary>
    public const int MaxPrompts = 2048;

    /// <summary>What is asked for, which the route names.</summary>
    [JsonIgnore]
    public RelayedOperation Operation { get; init; }

    /// <summary>Headers of the client's that its provider may be told, such as <c>anthropic-beta</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What the client lets the cache of answers do.</summary>
    [JsonIgnore]
    public CacheUse Caching { get; init; }

    /// <summary>
    /// Public name of the model, see <c>GET /v1/models</c>. Where text is asked for, <c>auto</c> is the model nearest to what
    /// <c>auto</c> says.
    /// </summary>
    /// <example>gpt-4o-mini</example>
    [Required]
    [MaxLength(MaxModelLength)]
    public Supplied<string> Model { get; init; }

    /// <summary>What the model should be like, where it is <c>auto</c>.</summary>
    public Supplied<AutoPreferences> Auto { get; init; }

    /// <summary>Whether the answer comes as a stream of events.</summary>
    public Supplied<bool> Stream { get; init; }

    /// <summary>Most tokens of the answer.</summary>
    public Supplied<int> MaxTokens { get; init; }

    /// <summary>Most tokens of the answer and of the reasoning before it.</summary>
    public Supplied<int> MaxCompletionTokens { get; init; }

    /// <summary>Most tokens of the answer, as the Responses API names it.</summary>
    public Supplied<int> MaxOutputTokens { get; init; }

    /// <summary>How many answers, or images.</summary>
    [Range(1, MaxCount)]
    public Supplied<int> N { get; init; }

    /// <summary>How many answers to choose from.</summary>
    [Range(1, MaxCount)]
    public Supplied<int> BestOf { get; init; }

    /// <summary>Size of images, width and height in pixels.</summary>
    public Supplied<string> Size { get; init; }

    /// <summary>Quality of images.</summary>
    public Supplied<string> Quality { get; init; }

    /// <summary>Fields of the platform's own, which no provider is sent.</summary>
    internal IReadOnlyList<string> OwnFields { get; init; } = [];

    internal RelayRules Rules => RelayRules.Of(Operation);

    internal bool IsStream => Stream.Or(false);

    /// <summary>How many answers there are to one text.</summary>
    internal int Count => Math.Max(N.Or(1), BestOf.Or(1));

    /// <summary>How many answers are paid for.</summary>
    internal int CountOf(PromptMeasure measure) => Operation is RelayedOperation.Completions ? Count * measure.Prompts : Count;

    /// <summary>The least of the limits that the client set; <see langword="null"/> where it set none.</summary>
    internal int? AskedLimit
    {
        get
        {
            int? least = null;
            foreach (var name in Rules.LimitFields)
            {
                if (LimitOf(name) is { IsGiven: true, Value: var value })
                {
                    least = Math.Min(least ?? value, value);
                }
            }

            return least ?? Rules.DefaultLimit;
        }
    }

    internal Supplied<int> LimitOf(string field) => field switch
    {
        "max_tokens" => MaxTokens,
        "max_completion_tokens" => MaxCompletionTokens,
        "max_output_tokens" => MaxOutputTokens,
        _ => default,
    };
}

/// <summary>What the provider answered, in the form in which the client asked.</summary>
/// <param name="Json">The answer; empty where it was streamed.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Model">Public name of the model.</param>
public sealed record RelayReply(ReadOnlyMemory<byte> Json, string Provider, string Model) : IRecordedAnswer
{
    /// <summary>What is recorded of an answer that was streamed; empty for a whole one, which is recorded itself.</summary>
    public ReadOnlyMemory<byte> Summary { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Recorded => IsWhole ? Json : Summary;

    /// <inheritdoc/>
    [JsonIgnore]
    public bool IsWhole => !Json.IsEmpty;
}

internal sealed class RelayValidator : OrderedValidator<RelayCommand>
{
    public RelayValidator()
    {
        RequireBody();
        Require(command => RelayFields.RefusalOf(command) is null, command => RelayFields.RefusalOf(command)!, RelayFields.Refusals);
        Ask<MeasuredBody>((command, body, _) => Task.FromResult(AutoFields.RefusalOf(command, body.Json)), AutoFields.Refusals);
        Ask<RelayTarget>(
            (command, target, cancellationToken) => target.FindAsync(command, cancellationToken),
            RelayErrors.ModelNotFound("<model>"),
            RelayErrors.NothingToChoose,
            RelayErrors.NotCapable("<model>"),
            ModelErrors.NotAllowed("API key", "<model>"),
            ModelErrors.NotAllowed("account", "<model>"));
        Require<MeasuredBody>(
            (_, body, _) => Task.FromResult(body.Measure.Prompts <= RelayCommand.MaxPrompts), _ => RelayErrors.TooManyPrompts, RelayErrors.TooManyPrompts);
    }
}

internal sealed class RelayBound(RelayTarget target, MeasuredBody body) : ICallBound<RelayCommand>
{
    private const string DefaultSize = "1024x1024";
    private const string DefaultQuality = "standard";

    public ModelCallBound Of(RelayCommand request)
    {
        var bound = Of(request, target.Model, body.Measure);
        return target.Candidates.Count > 1
            ? bound with { Fallbacks = [.. target.Candidates.Skip(1).Select(model => Of(request, model, body.Measure))] }
            : bound;
    }

    /// <summary>The most that a request can take of a model. An alias is priced as the model that it stands for.</summary>
    internal static ModelCallBound Of(RelayCommand request, CatalogueModel model, PromptMeasure measure)
    {
        var promptTokens = measure.MostTokens(model.ContextWindow);
        if (!request.Rules.WritesText)
        {
            return new ModelCallBound(model.Name, promptTokens, 0)
            {
                Images = request.Operation is RelayedOperation.ImageGenerations ? ImagesOf(request) : null,
            };
        }

        var count = request.CountOf(measure);
        var one = Math.Min(request.AskedLimit ?? model.MaxAnswerTokens, model.MaxAnswerTokens);
        return new ModelCallBound(model.Name, promptTokens, (int)Math.Min((long)one * count, int.MaxValue))
        {
            LeastAnswerTokens = CallCharge.LeastAnswer * count,
        };
    }

    internal static ImageBatch ImagesOf(RelayCommand request) =>
        new(request.N.Or(1), request.Size.Or(DefaultSize), request.Quality.Or(DefaultQuality));
}

internal sealed class RelayHandler(
    RelayTarget target, ModelDispatcher dispatcher, AnswerRelay answers, RelayPlans plans, CallRecord record)
    : IRequestHandler<RelayCommand, RelayReply>
{
    public async Task<RelayReply> Handle(RelayCommand request, CancellationToken cancellationToken)
    {
        var (plan, outcome) = await SendAsync(
            AutoFields.IsAsked(request) ? request with { OwnFields = [AutoFields.Name] } : request, cancellationToken);
        if (outcome is not Dispatched.Answered { Reply: var reply, Route: var route })
        {
            throw Refusal(outcome, plan);
        }

        await using (reply)
        {
            return await answers.RelayAsync(new RelayLeg(plan, route), reply, RelayRules.Of(request.Operation).LargestAnswer, cancellationToken);
        }
    }

    /// <summary>Asks the model, and where nobody can have done the work, those that may stand in for it as far as the hold pays them.</summary>
    private async Task<(RelayPlan Plan, Dispatched Outcome)> SendAsync(RelayCommand request, CancellationToken cancellationToken)
    {
        var plan = plans.For(request, target.Model);
        var outcome = await dispatcher.SendAsync(plan.Model, plan.CallFor, cancellationToken);
        foreach (var model in target.Candidates.Skip(1).Where(model => record.PaidModels.Contains(model.Name)))
        {
            if (!outcome.IsUndone)
            {
                break;
            }

            var next = plans.For(request, model);
            var answered = await dispatcher.SendAsync(next.Model, next.CallFor, cancellationToken);
            if (answered.WasAsked || outcome is Dispatched.NotServed)
            {
                // What was asked tells more than what could not be, and that more than what nobody serves.
                (plan, outcome) = (next, answered);
            }
        }

        return (plan, outcome);
    }

    private static Exception Refusal(Dispatched outcome, RelayPlan plan) => outcome switch
    {
        Dispatched.Inexpressible { Refusal: var refusal } => refusal,
        Dispatched.Rejected { Rejection: var rejection } => PassOn(rejection, plan),
        Dispatched.Failed { Last: { Status: 404 or 408 or 429 } rejection } failed =>
            PassOn(rejection with { RetryAfter = failed.RetryAfter }, plan),
        Dispatched.Failed { Cause: { Failure: ProviderFailure.TimedOut } cause } failed =>
            new RefusedException(RelayErrors.TimedOut(failed.RetryAfter), cause),
        Dispatched.Failed { Cause: { } cause } failed => new RefusedException(RelayErrors.Failed(failed.RetryAfter), cause),

        // A refusal of the platform's own credential is the platform's fault, and none that the caller could mend.
        Dispatched.Failed failed => new RefusedException(RelayErrors.Failed(failed.RetryAfter)),
        _ => new RefusedException(RelayErrors.NotServed(plan.Model.Name)),
    };

    private static Exception PassOn(Rejection rejection, RelayPlan plan)
    {
        var leg = new RelayLeg(plan, rejection.Route);
        return IsObject(rejection.Body)
            ? new PassedOnException(rejection.Provider, rejection.Status, leg.Translation?.Error(rejection.Status, rejection.Body) ?? rejection.Body)
            {
                RetryAfter = rejection.RetryAfter,
            }
            : new RefusedException(RelayErrors.Rejected(rejection));
    }

    private static bool IsObject(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonMembers.MaxDepth });
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
