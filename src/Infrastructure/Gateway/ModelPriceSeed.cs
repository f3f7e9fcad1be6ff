using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>The catalogue's list prices. Versions are only added, so that an administrator's stay.</summary>
internal static class ModelPriceSeed
{
    public static async Task ApplyAsync(AppDbContext db, IReadOnlyList<ShippedModel> models, TimeProvider time, CancellationToken cancellationToken)
    {
        var known = await db.Set<ModelPrice>().Select(price => new { price.Model, price.EffectiveFrom }).ToListAsync(cancellationToken);
        var prices = from model in models
                     from price in model.Prices
                     where !known.Contains(new { Model = ModelPrice.NormaliseModel(model.Name), price.EffectiveFrom })
                     select ToPrice(model.Name, price, time.GetUtcNow());
        db.AddRange(prices);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static ModelPrice ToPrice(string model, ListPrice price, DateTimeOffset now) => new(
        model,
        (price.Input, price.Answer) is ({ } input, { } answer)
            ? new TokenRates(NanoDollars(input), NanoDollars(price.CachedInput), NanoDollars(answer))
            {
                Reasoning = NanoDollars(price.Reasoning),
                CacheWrite = NanoDollars(price.CacheWrite),
                LongCacheWrite = NanoDollars(price.LongCacheWrite),
            }
            : null,
        [.. price.Images.Select(image => new ImageRate(image.Size, image.Quality, NanoDollars(image.Price)))],
        new PriceOrigin(price.Source, price.AsOf, ActorId: null),
        price.EffectiveFrom,
        now);

    private static long? NanoDollars(decimal? dollars) => dollars is { } known ? NanoDollars(known) : null;

    private static long NanoDollars(decimal dollars)
    {
        var amount = dollars * MeterUnits.PerDollar;
        return decimal.IsInteger(amount) ? (long)amount : throw new InvalidOperationException($"{dollars} USD is finer than a nano-USD.");
    }
}
