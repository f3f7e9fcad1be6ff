using System.Globalization;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;

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

    private const string Model = "X-AiPlatform-Model";

    /// <summary>Says which call the answer belongs to, and before it starts, whatever is known of its cost by then.</summary>
    public static void Announce(HttpContext http, Guid requestId, CallRecord record)
    {
        http.Response.Headers["X-AiPlatform-Request-Id"] = requestId.ToString("D");
        http.Response.OnStarting(static state => SetCostAsync(((HttpContext, CallRecord))state), (http, record));
    }

    /// <summary>Says who answers.</summary>
    public static void SetSource(HttpResponse response, string provider, string model)
    {
        response.Headers[Provider] = provider;
        response.Headers[Model] = model;
    }

    public static string CostOf(CallReceipt receipt) => Text(receipt, meter => meter.Paid);

    public static string BalanceOf(CallReceipt receipt) => Text(receipt, meter => meter.Available);

    private static Task SetCostAsync((HttpContext Http, CallRecord Record) call)
    {
        var response = call.Http.Response;
        if (call.Record.Delivery is { } delivery)
        {
            SetSource(response, delivery.Provider, delivery.Model);
        }

        if (call.Record.Receipt is { } receipt)
        {
            response.Headers[Cost] = CostOf(receipt);
            response.Headers[Balance] = BalanceOf(receipt);
        }

        return Task.CompletedTask;
    }

    private static string Text(CallReceipt receipt, Func<MeterReceipt, long> amount) =>
        string.Join(", ", receipt.Meters.Select(meter => $"{LedgerNames.Of(meter.Meter)}={Whole(meter.Meter, amount(meter))}"));

    private static string Whole(Meter meter, long amount) => (amount / SmallestUnitsOf(meter)).ToString("0.#########", CultureInfo.InvariantCulture);

    private static decimal SmallestUnitsOf(Meter meter) => meter switch
    {
        Meter.Credits => MeterUnits.PerCredit,
        Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => MeterUnits.PerDollar,
        _ => 1,
    };
}
