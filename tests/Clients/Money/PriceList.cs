using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients.Money;

/// <summary>What is paid for of one call.</summary>
/// <param name="Prompt">Tokens of the prompt, all of them.</param>
/// <param name="Cached">Of the prompt, read from the provider's cache.</param>
/// <param name="Written">Of the prompt, written to it for its usual time.</param>
/// <param name="WrittenLong">Of the prompt, written to it for an hour.</param>
/// <param name="Answer">Tokens of the answer.</param>
internal readonly record struct PaidTokens(long Prompt, long Cached, long Written, long WrittenLong, long Answer);

/// <summary>What models cost, read from the file that the platform ships, and reckoned without any of the platform's code.</summary>
internal sealed class PriceList
{
    private readonly Dictionary<string, JsonNode> _prices;

    private PriceList(Dictionary<string, JsonNode> prices) => _prices = prices;

    /// <summary>Reads the prices that are in force at an instant.</summary>
    public static async Task<PriceList> ReadAsync(DateTimeOffset at)
    {
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("data", "models.json")))!;
        return new PriceList(file["models"]!.AsArray()
            .Where(model => model!["prices"] is JsonArray { Count: > 0 })
            .ToDictionary(model => model!["name"]!.ToString(), model => InForce(model!["prices"]!.AsArray(), at)));
    }

    /// <summary>Nano-dollars of tokens: dollars a million are thousands of nano-dollars each; the sum is rounded up once.</summary>
    public long OfTokens(string model, PaidTokens tokens)
    {
        var price = _prices[model];
        var input = Rate(price, "input");
        var write = Rate(price, "cacheWrite", input);
        var dollars = ((tokens.Prompt - tokens.Cached - tokens.Written - tokens.WrittenLong) * input)
            + (tokens.Cached * Rate(price, "cachedInput", input))
            + (tokens.Written * write)
            + (tokens.WrittenLong * Rate(price, "longCacheWrite", write))
            + (tokens.Answer * Rate(price, "answer"));
        return (long)decimal.Ceiling(dollars * 1_000);
    }

    /// <summary>Nano-dollars of images.</summary>
    public long OfImages(string model, int count, string size, string quality)
    {
        var rate = _prices[model]["images"]!.AsArray().Single(image =>
            image!["size"]!.ToString() == size && image["quality"]!.ToString() == quality);
        return (long)(rate!["price"]!.GetValue<decimal>() * count * 1_000_000_000);
    }

    private static JsonNode InForce(JsonArray prices, DateTimeOffset at) => prices
        .Where(price => price!["effectiveFrom"] is not { } from || from.GetValue<DateTimeOffset>() <= at)
        .MaxBy(price => price!["effectiveFrom"]?.GetValue<DateTimeOffset>() ?? DateTimeOffset.MinValue)!;

    private static decimal Rate(JsonNode price, string name, decimal otherwise = 0) => price[name]?.GetValue<decimal>() ?? otherwise;
}
