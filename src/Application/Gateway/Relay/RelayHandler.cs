using System.Text.Json;
using AiPlatform.Application.Gateway.Translation;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>A request on the route that answers it.</summary>
/// <param name="plan">The request.</param>
/// <param name="route">The route.</param>
internal sealed class RelayLeg(RelayPlan plan, ServingRoute route)
{
    /// <summary>The translation between client and provider; <see langword="null"/> where both speak the same.</summary>
    public ITranslation? Translation { get; } =
        Translations.TryFind(plan.Request.Rules.Operation, route.Provider, out var translation) ? translation : null;

    /// <summary>The provider's name.</summary>
    public string Provider => route.Provider.Name;

    /// <summary>Public name of the model.</summary>
    public string Model => plan.Model.Name;

    /// <summary>Whether the client asked for the usage of a stream. A translation makes its own of it.</summary>
    public bool WantsUsage { get; } = plan.WantsUsage;

    /// <summary>The form in which the provider answers.</summary>
    public string Operation => Translation?.ProviderOperation ?? plan.Request.Rules.Operation;

    /// <summary>Counts what the provider delivers.</summary>
    public AnswerMeter NewMeter() => new(Operation, plan.Measure);
}

internal sealed class RelayHandler(
    IModelCatalogue catalogue, ModelDispatcher dispatcher, StreamRelay streams, ICallContext call, CallRecord record)
    : IRequestHandler<RelayCommand, RelayReply>
{
    public async Task<RelayReply> Handle(RelayCommand request, CancellationToken cancellationToken)
    {
        var model = catalogue.Find(request.Model.Value) ?? throw new RefusedException(RelayErrors.ModelNotFound(request.Model.Value));
        var plan = new RelayPlan(request, call.Body.Json, model, record.AnswerLimit);
        var outcome = await dispatcher.SendAsync(model, plan.CallFor, cancellationToken);
        if (outcome is not Dispatched.Answered { Reply: var reply, Route: var route })
        {
            throw Refusal(outcome, plan);
        }

        await using (reply)
        {
            var leg = new RelayLeg(plan, route);
            return request.IsStream && IsEventStream(reply)
                ? await streams.RelayAsync(leg, reply, cancellationToken)
                : await ReadAsync(plan, leg, reply, cancellationToken);
        }
    }

    private static bool IsEventStream(ProviderReply reply) =>
        reply.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    private async Task<RelayReply> ReadAsync(RelayPlan plan, RelayLeg leg, ProviderReply reply, CancellationToken cancellationToken)
    {
        try
        {
            var json = await reply.ReadBodyAsync(RelayRules.OfProvider(leg.Operation).LargestAnswer, cancellationToken);
            var meter = leg.NewMeter();
            Note(json, meter);
            var answer = leg.Translation?.Answer(json) ?? json;
            record.Deliver(new Delivery(leg.Model, leg.Provider, UsageOf(plan.Request, meter)));
            return new RelayReply(answer, leg.Provider, leg.Model);
        }
        catch (Exception useless) when (useless is ProviderUnreachableException or FormatException)
        {
            throw new RefusedException(
                useless.InnerException is OperationCanceledException ? RelayErrors.TimedOut(null) : RelayErrors.Failed(null), useless);
        }
    }

    private static void Note(ReadOnlyMemory<byte> json, AnswerMeter meter)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonMembers.MaxDepth });
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw new FormatException("The answer is no JSON object.");
            }

            meter.NoteWhole(document.RootElement);
        }
        catch (JsonException unreadable)
        {
            throw new FormatException("The answer is not readable JSON.", unreadable);
        }
    }

    private static ModelUsage UsageOf(RelayCommand request, AnswerMeter meter) =>
        request.Operation is RelayedOperation.ImageGenerations
            ? meter.Usage() with { Images = RelayBound.ImagesOf(request) }
            : meter.Usage();

    private static Exception Refusal(Dispatched outcome, RelayPlan plan) => outcome switch
    {
        Dispatched.Rejected { Rejection: var rejection } => PassOn(rejection, plan),
        Dispatched.Failed { Last: { Status: 404 or 408 or 429 } rejection } failed =>
            PassOn(rejection with { RetryAfter = failed.RetryAfter }, plan),
        Dispatched.Failed { Cause: { InnerException: OperationCanceledException } cause } failed =>
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
            ? new PassedOnException(rejection.Status, leg.Translation?.Error(rejection.Status, rejection.Body) ?? rejection.Body)
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
