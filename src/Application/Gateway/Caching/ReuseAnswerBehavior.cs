using System.Text.Json;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>
/// Just before the hold: a call whose key may be given earlier answers, and whose request has one answer only, gets the one
/// that its account paid for before. It costs nothing, needs no funds, counts against no limit and reaches nobody.
/// </summary>
internal sealed class ReuseAnswerBehavior(CallRecord record, CacheTurn turn, IAnswerCache cache, ReuseTerms terms, CacheQuestions questions)
    : IPipelineBehavior<RelayCommand, RelayReply>
{
    public async Task<RelayReply> Handle(RelayCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<RelayReply> next)
    {
        if (await terms.OfAsync(request, cancellationToken) is not var (lifetime, endpointId))
        {
            return await next();
        }

        var userId = record.RequiredCaller.UserId;
        var id = cache.Identify(questions.Of(request, userId));
        if (request.Caching is CacheUse.Full && await cache.FindAsync(id, userId, lifetime, cancellationToken) is { } earlier)
        {
            record.PriceBy(endpointId);
            record.Reuse(terms.Saving(earlier));
            turn.Hit(earlier.Cost);
            return new RelayReply(earlier.Json, earlier.Provider, earlier.Model);
        }

        turn.Miss();
        turn.KeepUnder(id, lifetime);
        return await next();
    }
}

/// <summary>Knows which calls may be given earlier answers.</summary>
internal sealed class ReuseTerms(ICallContext call, CallRecord record, CacheRules rules, IEndpointCatalogue endpoints)
{
    /// <summary>How old the answer may be, and the endpoint that the call is one of; <see langword="null"/> where there is to be none.</summary>
    public async ValueTask<(TimeSpan Lifetime, Guid EndpointId)?> OfAsync(RelayCommand request, CancellationToken cancellationToken)
    {
        if (request.Caching is CacheUse.None
            || record.RequiredCaller.BindingKeyId is not { } keyId
            || await rules.LifetimeOfAsync(keyId, cancellationToken) is not { } lifetime
            || !Determinism.Holds(request, call.Body.Json))
        {
            return null;
        }

        // A route that is switched off answers nobody, from the cache neither.
        var endpoint = call.RouteKey is { } route ? await endpoints.FindAsync(route, cancellationToken) : null;
        return endpoint is { Active: true } ? (lifetime, endpoint.EndpointId) : null;
    }

    /// <summary>What the call is spared by an earlier answer.</summary>
    public SavedCall Saving(ReusableAnswer earlier)
    {
        var caller = record.RequiredCaller;
        var reuse = new CallReuse(earlier.RequestId, caller.UserId, caller.BindingKeyId!.Value, earlier.Model);
        return new SavedCall(call.RequestId, reuse, earlier.Cost.Total, call.StartedAt);
    }
}

/// <summary>Puts requests as questions that have one answer: what is forwarded, with the model under its public name.</summary>
internal sealed class CacheQuestions(ICallContext call, RelayTarget target)
{
    /// <summary>The question of a request.</summary>
    public CacheQuestion Of(RelayCommand request, Guid userId)
    {
        var model = new JsonMember("model", JsonSerializer.SerializeToUtf8Bytes(target.Model.Name));
        var body = AutoFields.IsAsked(request)
            ? JsonMembers.Set(call.Body.Json, model, new JsonMember(AutoFields.Name, default))
            : JsonMembers.Set(call.Body.Json, model);
        return new CacheQuestion(userId, request.Operation.ToString(), target.Model.Name, request.Headers, body);
    }
}

/// <summary>
/// Outermost, so that the charge is committed when it comes back: keeps the answer of a call that missed. A call that failed,
/// was not charged, whose answer is shorter than asked because its account had no more, or another model's than the one that
/// was chosen, leaves nothing.
/// </summary>
internal sealed class KeepAnswerBehavior(CallRecord record, ICallContext call, CacheTurn turn, IAnswerCache cache, KeepTerms terms)
    : IPipelineBehavior<RelayCommand, RelayReply>
{
    public async Task<RelayReply> Handle(RelayCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<RelayReply> next)
    {
        var reply = await next();
        if (turn.Place is var (id, lifetime)
            && reply.IsWhole
            && record is { Settlement: Settlement.Capture, Receipt: { } cost }
            && terms.Allow(request, reply))
        {
            // The caller may have left: what is paid is kept all the same.
            await cache.KeepAsync(
                id,
                record.RequiredCaller.UserId,
                new ReusableAnswer(call.RequestId, reply.Json, reply.Provider, reply.Model, cost),
                lifetime,
                CancellationToken.None);
        }

        return reply;
    }
}

/// <summary>Knows which answers are those that would come again.</summary>
internal sealed class KeepTerms(CallRecord record, RelayTarget target, ICallBound<RelayCommand> bound)
{
    /// <summary>Whether the answer is that of the model that was asked for, and no shorter than was asked.</summary>
    public bool Allow(RelayCommand request, RelayReply reply) =>
        reply.Model == target.Model.Name
        && (record.AnswerLimit is not { } paid || paid >= (bound.Of(request)?.MostAnswerTokens ?? 0));
}
