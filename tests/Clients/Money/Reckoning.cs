using System.Text;
using AiPlatform.Clients.Provider;

namespace AiPlatform.Clients.Money;

/// <summary>
/// What calls have to cost by the provider's own log: its counts where it stated them, an estimate by the text that it
/// delivered where it did not, nothing where it delivered nothing that its client could use.
/// </summary>
internal sealed class Reckoning(PriceList prices)
{
    private const int BytesPerToken = 4;

    /// <summary>Nano-dollars of everything that the provider did for one call.</summary>
    public long CostOf(MoneyCall call, IEnumerable<Exchange> exchanges) => exchanges.Sum(exchange => CostOf(call, exchange));

    private long CostOf(MoneyCall call, Exchange exchange)
    {
        var isWhole = exchange.Outcome is Outcome.Whole;
        if (!isWhole && exchange.Pieces.Count == 0)
        {
            return 0;
        }

        if (call.Images > 0)
        {
            var asked = exchange.Request.Json;
            return prices.OfImages(call.Model, call.Images, asked["size"]!.ToString(), asked["quality"]!.ToString());
        }

        var usage = exchange.Usage;
        var delivered = exchange.Pieces.Count > 0 ? (IReadOnlyList<string>)exchange.Pieces : [exchange.Text];
        var answer = usage?.Answer >= 0 ? usage.Answer : EstimateOf(delivered);
        return prices.OfTokens(
            call.Model,
            usage is { Prompt: > 0 } ? TokensOf(usage, exchange.Operation, answer) : new PaidTokens(Estimate(call.Body.Length), 0, 0, 0, answer));
    }

    /// <summary>Only Anthropic tells for how long it keeps what it writes to its cache.</summary>
    private static PaidTokens TokensOf(TokenUsage usage, string operation, long answer) => operation == "messages"
        ? new PaidTokens(usage.Prompt, usage.Cached, usage.Written, usage.WrittenLong, answer)
        : new PaidTokens(usage.Prompt, usage.Cached, usage.Written + usage.WrittenLong, 0, answer);

    /// <summary>No fewer tokens than pieces, and no fewer than one for four bytes.</summary>
    private static long EstimateOf(IReadOnlyList<string> delivered)
    {
        var bytes = delivered.Sum(Encoding.UTF8.GetByteCount);
        return bytes == 0 ? 0 : Math.Max(delivered.Count, Estimate(bytes));
    }

    private static long Estimate(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
