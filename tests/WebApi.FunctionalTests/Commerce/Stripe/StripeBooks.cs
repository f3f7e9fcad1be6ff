using System.Globalization;
using System.Text.Json.Nodes;

namespace AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;

/// <summary>What Stripe knows: charges, customers, subscriptions and their invoices.</summary>
public sealed class StripeBooks
{
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _charges = [];
    private readonly List<JsonObject> _customers = [];
    private readonly List<JsonObject> _methods = [];
    private readonly List<JsonObject> _prices = [];
    private readonly List<JsonObject> _subscriptions = [];
    private readonly List<JsonObject> _invoices = [];
    private int _last;

    /// <summary>Stripe's clock.</summary>
    public Func<DateTimeOffset> Clock { get; set; } = TimeProvider.System.GetUtcNow;

    /// <summary>Payment methods that are declined from now on, by the names they came with.</summary>
    public HashSet<string> Declined { get; } = ["tok_chargeDeclined", "pm_card_declined"];

    public DateTimeOffset Now => Clock();

    /// <summary>Cents that were taken from cards, given back or not.</summary>
    public long TakenCents => Locked(() => _charges.Where(charge => charge["status"]!.GetValue<string>() == "succeeded").Sum(charge => charge["amount"]!.GetValue<long>()));

    public int ChargeCount => Locked(() => _charges.Count);

    public int SubscriptionCount => Locked(() => _subscriptions.Count);

    public int CustomerCount => Locked(() => _customers.Count);

    /// <summary>Cents of every paid invoice, in order.</summary>
    public IReadOnlyList<decimal> PaidInvoices => Locked(() => _invoices
        .Where(invoice => invoice["status"]!.GetValue<string>() == "paid").Select(invoice => invoice["amount_paid"]!.GetValue<decimal>()).ToList());

    public string LastChargeId => Locked(() => _charges[^1]["id"]!.GetValue<string>());

    public string LastSubscriptionId => Locked(() => _subscriptions[^1]["id"]!.GetValue<string>());

    public StripeAnswer Do(string method, string path, StripeParameters parameters) => Locked(() => (method, path.Split('/')) switch
    {
        ("POST", ["", "v1", "charges"]) => Charge(parameters),
        ("GET", ["", "v1", "charges"]) => ListCharges(parameters),
        ("GET", ["", "v1", "charges", var id]) => Find(_charges, id),
        ("POST", ["", "v1", "customers"]) => StripeAnswer.Ok(Add(_customers, "cus", new JsonObject { ["email"] = parameters["email"] })),
        ("POST", ["", "v1", "customers", var id]) => PayWith(id, parameters),
        ("GET", ["", "v1", "payment_methods", var id]) => StripeAnswer.Ok(Method(id)),
        ("POST", ["", "v1", "payment_methods", var id, "attach"]) => Attach(id, parameters),
        ("GET", ["", "v1", "prices"]) => List(_prices.Where(price => price["lookup_key"]!.GetValue<string>() == parameters["lookup_keys[0]"])),
        ("POST", ["", "v1", "prices"]) => StripeAnswer.Ok(Add(_prices, "price", new JsonObject
        {
            ["lookup_key"] = parameters["lookup_key"],
            ["cents"] = decimal.Parse(parameters.Required("unit_amount_decimal"), CultureInfo.InvariantCulture),
        })),
        ("GET", ["", "v1", "subscriptions"]) => List(_subscriptions.Where(row =>
            row["customer"]!.GetValue<string>() == parameters["customer"] && row["status"]!.GetValue<string>() != "canceled")),
        ("POST", ["", "v1", "subscriptions"]) => Subscribe(parameters),
        ("GET", ["", "v1", "subscriptions", var id]) => Find(_subscriptions, id),
        ("POST", ["", "v1", "subscriptions", var id]) => Change(id, parameters),
        ("GET", ["", "v1", "invoices"]) => List(_invoices.AsEnumerable().Reverse().Where(row =>
            row["subscription"]!.GetValue<string>() == parameters["subscription"] && row["status"]!.GetValue<string>() == parameters["status"]).Take(1)),
        _ => StripeAnswer.Refuse(404, "invalid_request_error", "resource_missing"),
    });

    /// <summary>Gives a charge back, in whole or in part.</summary>
    public void Refund(string chargeId, long cents) => Locked(() => Row(_charges, chargeId)!["amount_refunded"] = cents);

    /// <summary>Has the holder of a card dispute a charge.</summary>
    public void Dispute(string chargeId) => Locked(() => Row(_charges, chargeId)!["disputed"] = true);

    /// <summary>Brings a charge that is under way to a good end.</summary>
    public void Complete(string chargeId) => Locked(() => Row(_charges, chargeId)!["status"] = "succeeded");

    /// <summary>Charges that somebody else makes with the same account.</summary>
    public void ChargeOthers(int count) => Locked(() =>
    {
        for (var number = 0; number < count; number++)
        {
            Add(_charges, "ch", new JsonObject
            {
                ["amount"] = 0,
                ["currency"] = "usd",
                ["created"] = Now.ToUnixTimeSeconds(),
                ["paid"] = true,
                ["status"] = "succeeded",
                ["metadata"] = new JsonObject { ["order"] = "somebody else's" },
            });
        }

        return count;
    });

    /// <summary>Moves a subscription to its next period; its invoice is paid or not.</summary>
    public void Renew(string subscriptionId, bool isPaid) => Locked(() =>
    {
        var row = Row(_subscriptions, subscriptionId)!;
        var start = Item(row)["current_period_end"]!.GetValue<long>();
        SetPeriod(row, start, DateTimeOffset.FromUnixTimeSeconds(start).AddDays(30).ToUnixTimeSeconds());
        row["status"] = isPaid ? "active" : "past_due";
        return row["latest_invoice"] = Invoice(row, CentsOf(row), isPaid).DeepClone();
    });

    /// <summary>Ends a subscription at once.</summary>
    public void End(string subscriptionId) => Locked(() => Row(_subscriptions, subscriptionId)!["status"] = "canceled");

    /// <summary>What a subscription is, as the tests look at it.</summary>
    public JsonObject Subscription(string id) => Locked(() => Row(_subscriptions, id)!.DeepClone().AsObject());

    private StripeAnswer Charge(StripeParameters parameters)
    {
        var token = parameters.Required("source");
        var isDeclined = Declined.Contains(token);
        var charge = Add(_charges, "ch", new JsonObject
        {
            ["amount"] = parameters.Number("amount"),
            ["currency"] = parameters.Required("currency"),
            ["created"] = Now.ToUnixTimeSeconds(),
            ["paid"] = !isDeclined,
            ["status"] = isDeclined ? "failed" : token == "tok_slow" ? "pending" : "succeeded",
            ["amount_refunded"] = 0,
            ["disputed"] = false,
            ["failure_code"] = isDeclined ? "card_declined" : null,
            ["metadata"] = Metadata(parameters),
        });
        return isDeclined ? StripeAnswer.Refuse(402, "card_error", "card_declined") : StripeAnswer.Ok(charge);
    }

    private StripeAnswer ListCharges(StripeParameters parameters)
    {
        var (from, to) = (parameters.Number("created[gte]") ?? 0, parameters.Number("created[lte]") ?? long.MaxValue);
        var after = parameters["starting_after"];
        var rows = _charges.AsEnumerable().Reverse()
            .Where(charge => charge["created"]!.GetValue<long>() >= from && charge["created"]!.GetValue<long>() <= to)
            .SkipWhile(charge => after is not null && charge["id"]!.GetValue<string>() != after)
            .Skip(after is null ? 0 : 1)
            .ToList();
        var most = (int)(parameters.Number("limit") ?? 10);
        return List(rows.Take(most), rows.Count > most);
    }

    private StripeAnswer PayWith(string customerId, StripeParameters parameters)
    {
        var customer = Row(_customers, customerId)!;
        customer["pays_with"] = parameters["invoice_settings[default_payment_method]"];
        return StripeAnswer.Ok(customer);
    }

    private JsonObject Method(string id) => Row(_methods, id) ?? new JsonObject { ["id"] = id, ["customer"] = null, ["named"] = id };

    private StripeAnswer Attach(string id, StripeParameters parameters) =>
        StripeAnswer.Ok(Add(_methods, "pm", new JsonObject { ["customer"] = parameters["customer"], ["named"] = id }));

    private StripeAnswer Subscribe(StripeParameters parameters)
    {
        var row = new JsonObject
        {
            ["customer"] = parameters.Required("customer"),
            ["status"] = "active",
            ["cancel_at_period_end"] = false,
            ["metadata"] = Metadata(parameters),
            ["items"] = new JsonObject { ["data"] = new JsonArray(new JsonObject { ["id"] = $"si_{++_last}", ["price"] = parameters.Required("items[0][price]") }) },
        };
        SetPeriod(row, Now.ToUnixTimeSeconds(), Now.AddDays(30).ToUnixTimeSeconds());
        if (!CanPay(row))
        {
            return Refused(parameters);
        }

        Add(_subscriptions, "sub", row);
        row["latest_invoice"] = Invoice(row, CentsOf(row), isPaid: true).DeepClone();
        return StripeAnswer.Ok(row);
    }

    private StripeAnswer Change(string id, StripeParameters parameters)
    {
        if (Row(_subscriptions, id) is not { } row)
        {
            return StripeAnswer.Refuse(404, "invalid_request_error", "resource_missing");
        }

        if (parameters["items[0][price]"] is { } price)
        {
            var before = CentsOf(row);
            if (parameters["proration_behavior"] == "always_invoice" && !CanPay(row))
            {
                return Refused(parameters);
            }

            Item(row)["price"] = price;
            if (parameters["proration_behavior"] == "always_invoice")
            {
                row["latest_invoice"] = Invoice(row, CentsOf(row) - before, isPaid: true).DeepClone();
            }
        }

        row["cancel_at_period_end"] = parameters["cancel_at_period_end"] is { } ends ? ends == "true" : row["cancel_at_period_end"]!.GetValue<bool>();
        foreach (var (name, value) in parameters.Metadata)
        {
            row["metadata"]![name] = value;
        }

        return StripeAnswer.Ok(row);
    }

    private static StripeAnswer Refused(StripeParameters parameters) => parameters["payment_behavior"] == "error_if_incomplete"
        ? StripeAnswer.Refuse(402, "card_error", "card_declined")
        : throw new InvalidOperationException("A payment that fails must change nothing.");

    private bool CanPay(JsonObject subscription) =>
        Row(_customers, subscription["customer"]!.GetValue<string>())!["pays_with"]?.GetValue<string>() is { } method
        && !Declined.Contains(Method(method)["named"]!.GetValue<string>());

    private JsonObject Invoice(JsonObject subscription, decimal cents, bool isPaid) => Add(_invoices, "in", new JsonObject
    {
        ["subscription"] = subscription["id"]!.GetValue<string>(),
        ["status"] = isPaid ? "paid" : "open",
        ["amount_paid"] = isPaid ? cents : 0,
        ["lines"] = new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["period"] = new JsonObject
                {
                    ["start"] = Item(subscription)["current_period_start"]!.GetValue<long>(),
                    ["end"] = Item(subscription)["current_period_end"]!.GetValue<long>(),
                },
            }),
        },
    });

    private decimal CentsOf(JsonObject subscription) => Row(_prices, Item(subscription)["price"]!.GetValue<string>())!["cents"]!.GetValue<decimal>();

    private static JsonObject Item(JsonObject subscription) => subscription["items"]!["data"]![0]!.AsObject();

    private static void SetPeriod(JsonObject subscription, long start, long end)
    {
        Item(subscription)["current_period_start"] = start;
        Item(subscription)["current_period_end"] = end;
    }

    private static JsonObject Metadata(StripeParameters parameters) =>
        new(parameters.Metadata.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value)));

    private JsonObject Add(List<JsonObject> rows, string prefix, JsonObject row)
    {
        row["id"] = $"{prefix}_{++_last:D6}";
        rows.Add(row);
        return row;
    }

    private static StripeAnswer Find(List<JsonObject> rows, string id) =>
        Row(rows, id) is { } row ? StripeAnswer.Ok(row) : StripeAnswer.Refuse(404, "invalid_request_error", "resource_missing");

    private static StripeAnswer List(IEnumerable<JsonObject> rows, bool hasMore = false) => StripeAnswer.Ok(new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. rows.Select(row => row.DeepClone())]),
        ["has_more"] = hasMore,
    });

    private static JsonObject? Row(List<JsonObject> rows, string id) => rows.Find(row => row["id"]!.GetValue<string>() == id);

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
