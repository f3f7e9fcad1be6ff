using System.Globalization;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.WebApi.Shared;

/// <summary>
/// The headers that tell who answered a metered call, what it cost and what is left. Amounts are in whole units: credits, US
/// dollars, tokens; one entry a meter that paid, such as <c>credits=1, wallet=0.00000195</c>.
/// </summary>
internal static class CallHeaders
{
    /// <summary>What the call cost.</summary>
    public const string Cost = "X-AiPlatform-Cost";

    /// <summary>What is left afterwards, of the accounts that paid.</summary>
    public const string Balance = "X-AiPlatform-Balance";

    /// <summary>Who answered.</summary>
    public const string Provider = "X-AiPlatform-Provider";

    /// <summary>Whether the answer came from the cache, <c>hit</c>, or could have, <c>miss</c>.</summary>
    public const string Cache = "X-AiPlatform-Cache";

    /// <summary>What an answer from the cache had cost.</summary>
    public const string Saved = "X-AiPlatform-Saved";

    /// <summary>Why it was this model, where the platform chose it.</summary>
    public const string Choice = "X-AiPlatform-Choice";

    private const string Model = "X-AiPlatform-Model";

    /// <summary>Says which call the answer belongs to, and before it starts, whatever is known of its cost by then.</summary>
    public static void Announce(HttpContext http, string requestId, CallRecord record)
    {
        http.Response.Headers["X-AiPlatform-Request-Id"] = requestId;
        http.Response.OnStarting(static state => CompleteAsync(((HttpContext, CallRecord))state), (http, record));
    }

    /// <summary>Says who answers.</summary>
    public static void SetSource(HttpResponse response, string provider, string model)
    {
        response.Headers[Provider] = provider;
        response.Headers[Model] = model;
    }

    /// <summary>Says what the cache had to do with the answer, and what that saved.</summary>
    public static void SetCache(HttpResponse response, CacheTurn turn, RelayReply reply)
    {
        if (!turn.WasAsked)
        {
            return;
        }

        response.Headers[Cache] = turn.Saved is null ? "miss" : "hit";
        if (turn.Saved is { } saved)
        {
            SetSource(response, reply.Provider, reply.Model);
            response.Headers[Saved] = CostOf(saved);
            response.Headers[Cost] = Text(saved, _ => 0);
        }
    }

    /// <summary>Says what is left of a minute.</summary>
    public static void SetRate(HttpResponse response, RateLimit window, long remaining)
    {
        response.Headers["X-RateLimit-Limit"] = window.Limit.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Reset"] = window.Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    public static string CostOf(CallReceipt receipt) => Text(receipt, meter => meter.Paid);

    public static string BalanceOf(CallReceipt receipt) => Text(receipt, meter => meter.Available);

    private static Task CompleteAsync((HttpContext Http, CallRecord Record) call)
    {
        var response = call.Http.Response;
        if (call.Record.Rate is { } rate)
        {
            SetRate(response, rate.Window, Math.Max(rate.Remaining, 0));
        }
        if (call.Record.Delivery is { } delivery)
        {
            SetSource(response, delivery.Provider, delivery.Model);
        }

        // The answer of an earlier call with the same idempotency key may be another model's.
        if ((call.Record.ReplayOf is null || call.Record.IsReused) && call.Record.Choice is { } choice)
        {
            response.Headers[Choice] = choice;
        }

        if (call.Record.Receipt is { } receipt)
        {
            response.Headers[Cost] = CostOf(receipt);
            response.Headers[Balance] = BalanceOf(receipt);
        }

        return Task.CompletedTask;
    }

    private static string Text(CallReceipt receipt, Func<MeterReceipt, long> amount) => receipt.Meters is [var only]
        ? Text(only.Meter, amount(only))
        : string.Join(", ", receipt.Meters.Select(meter => Text(meter.Meter, amount(meter))));

    // A quotient has no more decimals than it needs.
    private static string Text(Meter meter, long amount) =>
        string.Create(CultureInfo.InvariantCulture, $"{LedgerNames.Of(meter)}={amount / SmallestUnitsOf(meter)}");

    private static decimal SmallestUnitsOf(Meter meter) => meter switch
    {
        Meter.Credits => MeterUnits.PerCredit,
        Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => MeterUnits.PerDollar,
        _ => 1,
    };
}
