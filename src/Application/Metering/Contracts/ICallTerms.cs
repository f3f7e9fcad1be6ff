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
    Task<CallCharge> ComposeAsync(Caller caller, EndpointCharge endpoint, ModelCallBound? bound, CancellationToken cancellationToken);
}

/// <summary>What a call takes of which accounts.</summary>
public sealed class CallCharge
{
    private readonly EndpointCharge _endpoint;
    private readonly ModelCallBound? _bound;
    private readonly ModelPrice? _price;
    private readonly Func<HoldOrderLine, Error> _refusal;

    internal CallCharge(
        IReadOnlyList<HoldOrderLine> lines, EndpointCharge endpoint, ModelCallBound? bound, ModelPrice? price, Func<HoldOrderLine, Error> refusal)
    {
        Lines = lines;
        (_endpoint, _bound, _price, _refusal) = (endpoint, bound, price, refusal);
        Answer = lines.Any(line => line.Ceiling.PerToken > 0)
            ? new AnswerRange(Math.Min(bound!.LeastAnswerTokens, bound.MostAnswerTokens), bound.MostAnswerTokens)
            : null;
    }

    /// <summary>The shortest answer that is worth asking for, in tokens, unless the caller wants a shorter one.</summary>
    public const int LeastAnswer = 16;

    /// <summary>One line an account: those of the key, of the user, of the team, and the credits last.</summary>
    public IReadOnlyList<HoldOrderLine> Lines { get; }

    /// <summary>How long the answer may be; <see langword="null"/> where no account depends on it.</summary>
    public AnswerRange? Answer { get; }

    /// <summary>The order that sets it aside.</summary>
    /// <param name="call">The call.</param>
    public HoldOrder ToOrder(HeldCall call) => new(call, _endpoint.PriceVersionId, Lines, Dispatched: true) { Answer = Answer };

    /// <summary>Why the call is refused.</summary>
    /// <param name="lacking">The account that lacks funds.</param>
    public Error RefusalOf(AccountKey lacking) => _refusal(Lines.First(line => line.Account == lacking));

    /// <summary>What the accounts pay, by meter.</summary>
    /// <param name="usage">What the model delivered; <see langword="null"/> where nothing was told.</param>
    /// <returns><see langword="null"/> where all that is held is due: prices known beforehand, or nothing was told.</returns>
    public IReadOnlyDictionary<Meter, long>? Due(ModelUsage? usage)
    {
        if (usage is null || _bound is null || Lines.All(line => IsFixed(line.Account.Meter)))
        {
            return null;
        }

        var money = _price?.CostOf(usage) ?? 0;
        return Lines.Select(line => line.Account.Meter).Distinct().ToDictionary(meter => meter, meter => meter switch
        {
            Meter.Credits => _endpoint.Credits,
            Meter.Conversations or Meter.RequestsPerMinute => 1,
            Meter.Tokens or Meter.TokensPerMinute => usage.TotalTokens,
            Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => money,
            _ => throw new InvalidOperationException($"No rule charges {meter}."),
        });
    }

    private static bool IsFixed(Meter meter) => meter is Meter.Credits or Meter.Conversations or Meter.RequestsPerMinute;
}
