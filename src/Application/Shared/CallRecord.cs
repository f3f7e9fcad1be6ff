using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Shared;

/// <summary>What the pipeline has learnt about a call; it ends up in the call's audit record. One instance a call.</summary>
public sealed class CallRecord
{
    private CallCharge? _charge;

    /// <summary>Who calls, once a credential was resolved.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>The access token that was presented: as credential, as second factor, or to be refreshed or looked up.</summary>
    public Guid? TokenId { get; private set; }

    /// <summary>The row of the endpoint catalogue that prices the call.</summary>
    public Guid? EndpointId { get; private set; }

    /// <summary>What becomes of the call's hold; committed together with its audit record.</summary>
    public Settlement? Settlement { get; private set; }

    /// <summary>The idempotency key that the call takes together with its hold.</summary>
    public IdempotencyKey? Key { get; private set; }

    /// <summary>The call whose kept answer is given again.</summary>
    public Guid? ReplayOf { get; private set; }

    /// <summary>Whether that is so because the request was the same, and not because of its idempotency key.</summary>
    public bool IsReused => Saved is not null;

    /// <summary>What the call was spared by the answer of an earlier one with the same request; committed together with its audit record.</summary>
    public SavedCall? Saved { get; private set; }

    /// <summary>
    /// Most tokens of the answer that the hold pays; a handler asks for no longer one. <see langword="null"/> where no account
    /// depends on its length.
    /// </summary>
    public int? AnswerLimit { get; private set; }

    /// <summary>The models that the hold pays, in the order in which a handler may ask them.</summary>
    public IEnumerable<string> PaidModels => _charge?.Models ?? [];

    /// <summary>What the model delivered, once the handler has told.</summary>
    public Delivery? Delivery { get; private set; }

    /// <summary>What the call cost, once that is committed.</summary>
    public CallReceipt? Receipt { get; private set; }

    /// <summary>Why it was this model, where the platform chose it: <c>cost=0.2,quality=0.9,latency=0.5;candidates=…</c>.</summary>
    public string? Choice { get; private set; }

    /// <summary>What is left of the minute, where the request is counted.</summary>
    public RateStanding? Rate { get; private set; }

    /// <summary>Whether the audit record was composed and handed over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The caller.</summary>
    /// <exception cref="InvalidOperationException">The request declares no credential.</exception>
    public Caller RequiredCaller => Caller ?? throw new InvalidOperationException("The request declares no credential.");

    /// <summary>Notes who calls.</summary>
    /// <param name="caller">The account that the credential identifies.</param>
    public void Identify(Caller caller)
    {
        Caller = caller;
        TokenId ??= caller.AccessTokenId;
    }

    /// <summary>Notes the token that was presented beside the credential.</summary>
    /// <param name="tokenId">The token.</param>
    public void Confirm(Guid tokenId) => TokenId = tokenId;

    /// <summary>Notes the catalogue row that prices the call.</summary>
    /// <param name="endpointId">The row.</param>
    public void PriceBy(Guid endpointId) => EndpointId = endpointId;

    /// <summary>Notes how long an answer the hold pays.</summary>
    /// <param name="tokens">Most tokens.</param>
    public void LimitAnswer(int tokens) => AnswerLimit = tokens;

    /// <summary>Notes what the hold pays.</summary>
    /// <param name="charge">What the hold was computed from.</param>
    public void PayBy(CallCharge charge) => _charge = charge;

    /// <summary>
    /// What the caller's account pays of what was delivered so far, in the meter's smallest unit: by the price that the hold was
    /// computed from, whatever was set since.
    /// </summary>
    /// <param name="meter">What the account counts.</param>
    public long PaidOf(Meter meter) => _charge is { } charge && Delivery is { } delivery ? charge.PaidOf(meter, delivery, AnswerLimit ?? 0) : 0;

    /// <summary>
    /// Notes what the model delivered to the caller: it is paid even where the call fails afterwards. A handler whose answer
    /// cannot reach the caller tells nothing.
    /// </summary>
    /// <param name="delivery">What was delivered.</param>
    public void Deliver(Delivery delivery) => Delivery = delivery;

    /// <summary>Notes what becomes of the hold.</summary>
    /// <param name="settlement">The outcome.</param>
    public void Settle(Settlement settlement) => Settlement = settlement;

    /// <summary>Notes the idempotency key that the call takes together with its hold.</summary>
    /// <param name="key">The key.</param>
    public void Claim(IdempotencyKey key) => Key = key;

    /// <summary>Notes that the answer of an earlier call is given again.</summary>
    /// <param name="requestId">That call.</param>
    public void Replay(Guid requestId) => ReplayOf = requestId;

    /// <summary>Notes that the answer of an earlier call with the same request is given again.</summary>
    /// <param name="saved">That call, and what its answer had cost.</param>
    public void Reuse(SavedCall saved) => (ReplayOf, Saved) = (saved.EarlierRequestId, saved);

    /// <summary>Notes why it was this model.</summary>
    /// <param name="choice">What was wanted, and the models nearest to it.</param>
    public void Explain(string choice) => Choice = choice;

    /// <summary>Notes what the call cost.</summary>
    /// <param name="receipt">As it was committed.</param>
    public void Pay(CallReceipt receipt) => Receipt = receipt;

    /// <summary>Notes what is left of the minute.</summary>
    /// <param name="standing">After this call.</param>
    public void LimitRate(RateStanding standing) => Rate = standing;

    /// <summary>Notes that the audit record is handed over.</summary>
    public void Close() => IsClosed = true;
}
