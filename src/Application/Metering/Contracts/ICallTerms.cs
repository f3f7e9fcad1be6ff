using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>The fixed price of an endpoint.</summary>
/// <param name="Credits">In thousandths of a credit.</param>
/// <param name="PriceVersionId">The price in force.</param>
public readonly record struct EndpointCharge(long Credits, Guid PriceVersionId);

/// <summary>Knows what a call takes of which accounts: whoever pays for it, and every limit that binds its caller.</summary>
public interface ICallTerms
{
    /// <summary>Composes the charge of a call.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="endpoint">The endpoint's fixed price.</param>
    /// <param name="bound">The most that the call takes of a model; <see langword="null"/> where no model is asked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">An account of money is touched, and the model has no price.</exception>
    ValueTask<CallCharge> ComposeAsync(Caller caller, EndpointCharge endpoint, ModelCallBound? bound, CancellationToken cancellationToken);
}

/// <summary>A model that may answer a call.</summary>
/// <param name="Bound">The most that the call takes of it.</param>
/// <param name="Price">Its price; <see langword="null"/> where no account of money is touched.</param>
internal sealed record PricedModel(ModelCallBound Bound, ModelPrice? Price);

/// <summary>What a call takes of which accounts.</summary>
public sealed class CallCharge
{
    private readonly EndpointCharge _endpoint;
    private readonly IReadOnlyList<PricedModel> _models;
    private readonly Func<HoldOrderLine, Error> _refusal;

    internal CallCharge(
        IReadOnlyList<HoldOrderLine> lines, EndpointCharge endpoint, IReadOnlyList<PricedModel> models, Func<HoldOrderLine, Error> refusal)
    {
        Lines = lines;
        (_endpoint, _models, _refusal) = (endpoint, models, refusal);
        Answer = lines.Any(line => line.Ceiling.PerToken > 0) ? RangeOf(models) : null;
    }

    /// <summary>The shortest answer that is worth asking for, in tokens, unless the caller wants a shorter one.</summary>
    public const int LeastAnswer = 16;

    /// <summary>One line an account: those of the key, of the user, of the team, and the credits last.</summary>
    public IReadOnlyList<HoldOrderLine> Lines { get; }

    /// <summary>How long the answer may be; <see langword="null"/> where no account depends on it.</summary>
    public AnswerRange? Answer { get; }

    /// <summary>The models that it pays, in the order in which they may be asked; none where no model is asked.</summary>
    public IEnumerable<string> Models => _models.Select(model => model.Bound.Model);

    /// <summary>The order that sets it aside.</summary>
    /// <param name="call">The call.</param>
    /// <param name="key">The idempotency key that the call takes with it; <see langword="null"/> where it carries none.</param>
    public HoldOrder ToOrder(HeldCall call, IdempotencyKey? key) => new(call, _endpoint.PriceVersionId, Lines, Dispatched: true)
    {
        Key = key,
        Answer = Answer,
        Candidates = _models.Count > 1 ? [.. _models.Select(model => new PricedCandidate(model.Bound.Model, model.Price?.Id))] : [],
    };

    /// <summary>Why the call is refused.</summary>
    /// <param name="lacking">The account that lacks funds.</param>
    public Error RefusalOf(AccountKey lacking) => _refusal(Lines.First(line => line.Account == lacking));

    /// <summary>What the accounts pay, by meter.</summary>
    /// <param name="delivery">What which model delivered; <see langword="null"/> where nothing was told.</param>
    /// <returns><see langword="null"/> where all that is held is due: prices known beforehand, or nothing was told.</returns>
    public IReadOnlyDictionary<Meter, long>? Due(Delivery? delivery)
    {
        if (delivery is not { Usage: var usage } || _models.Count == 0 || Lines.All(line => IsFixed(line.Account.Meter)))
        {
            return null;
        }

        var money = Answering(delivery).Price?.CostOf(usage) ?? 0;
        return Lines.Select(line => line.Account.Meter).Distinct().ToDictionary(meter => meter, meter => meter switch
        {
            Meter.Credits => _endpoint.Credits,
            Meter.Conversations or Meter.RequestsPerMinute => 1,
            Meter.Tokens or Meter.TokensPerMinute => usage.TotalTokens,
            Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => money,
            _ => throw new InvalidOperationException($"No rule charges {meter}."),
        });
    }

    /// <summary>What an account pays of a delivery: what is due by the prices of this charge, and no more than is set aside.</summary>
    /// <param name="meter">What the account counts.</param>
    /// <param name="delivery">What which model delivered.</param>
    /// <param name="answerTokens">How long an answer the hold pays.</param>
    /// <returns>In the meter's smallest unit; zero where no account counts that.</returns>
    public long PaidOf(Meter meter, Delivery delivery, int answerTokens)
    {
        var held = Lines.Where(line => line.Account.Meter == meter).Select(line => line.Ceiling.At(answerTokens)).DefaultIfEmpty().Max();
        return Due(delivery) is { } due ? Math.Min(due.GetValueOrDefault(meter), held) : held;
    }

    /// <summary>The price of the model that answered; <see langword="null"/> where no other could, or nobody pays money.</summary>
    /// <param name="delivery">What which model delivered; <see langword="null"/> where nothing was told.</param>
    public Guid? PriceOf(Delivery? delivery) => delivery is not null && _models.Count > 1 ? Answering(delivery).Price?.Id : null;

    /// <summary>A fallback does not shorten the answer: it is paid with as much of it as was asked for, or left out.</summary>
    private static AnswerRange RangeOf(IReadOnlyList<PricedModel> models)
    {
        var bound = models[0].Bound;
        return new AnswerRange(models.Count > 1 ? bound.MostAnswerTokens : Math.Min(bound.LeastAnswerTokens, bound.MostAnswerTokens), bound.MostAnswerTokens);
    }

    /// <summary>Handlers name one model as they like; of several, each by its public name.</summary>
    private PricedModel Answering(Delivery delivery) => _models.Count == 1
        ? _models[0]
        : _models.First(model => model.Bound.Model.Equals(delivery.Model, StringComparison.OrdinalIgnoreCase));

    private static bool IsFixed(Meter meter) => meter is Meter.Credits or Meter.Conversations or Meter.RequestsPerMinute;
}
