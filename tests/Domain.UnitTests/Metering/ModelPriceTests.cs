using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class ModelPriceTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [TestCase(0, 0, 0, 0)]
    [TestCase(1, 0, 0, 1)]
    [TestCase(1_000_000, 0, 0, 3)]
    [TestCase(1_000_001, 0, 0, 4)]
    [TestCase(0, 0, 1, 1)]
    [TestCase(2, 0, 1, 1)]
    [TestCase(1_000_000, 1_000_000, 0, 2)]
    [TestCase(1_000_000, 500_000, 1_000_000, 10)]
    [TestCase(5, 900, 0, 1)]
    public void CostOf_WhenItIsNoWholeNanoDollar_RoundsUpOnceOverAllParts(long prompt, long cached, long answer, long cost) =>
        Assert.That(Price(new TokenRates(3, 2, 7)).CostOf(new ModelUsage(prompt, cached, answer)), Is.EqualTo(cost));

    [Test]
    public void CostOf_WhenCachedTokensHaveNoPriceOfTheirOwn_CountsThemAsTheOthers() =>
        Assert.That(Price(new TokenRates(1_000_000, null, 0)).CostOf(new ModelUsage(100, 60, 0)), Is.EqualTo(100));

    [TestCase(null, 4, 10, 0, 1_000_000, 10)]
    [TestCase(20L, 4, 10, 500_000, 1_000_000, 15)]
    [TestCase(20L, 4, 10, 2_000_000, 1_000_000, 20)]
    [TestCase(20L, 4, 10, -5, 1_000_000, 10)]
    [TestCase(3L, 4, 10, 1_000_000, 1_000_001, 4)]
    public void CostOf_WhenThoughtsHaveAPriceOfTheirOwn_CountsThemByIt(long? rate, long input, long answerRate, long reasoning, long answer, long cost) =>
        Assert.That(
            Price(new TokenRates(input, null, answerRate) { Reasoning = rate }).CostOf(new ModelUsage(0, 0, answer) { ReasoningTokens = reasoning }),
            Is.EqualTo(cost));

    [Test]
    public void Price_WhenImagesAreSoldByTheToken_BoundsAndCountsTheirTokens()
    {
        var price = Price(new TokenRates(5_000_000_000, 1_250_000_000, 40_000_000_000));
        var images = new ImageBatch(2, "1024x1024", "auto");

        Assert.That(price.CeilingOf(100, images)!.Value.At(0), Is.EqualTo((100 * 5_000) + (2 * ImageTokens.Most * 40_000)));
        Assert.That(price.CostOf(new ModelUsage(50, 0, 8_320) { Images = images }), Is.EqualTo((50 * 5_000) + (8_320 * 40_000)));
    }

    [TestCase("1024x1024", "low", 272)]
    [TestCase("1536x1024", "medium", 1_568)]
    [TestCase("1024x1536", "high", 6_240)]
    [TestCase("1024x1024", "auto", ImageTokens.Most)]
    [TestCase("2048x2048", "low", ImageTokens.Most)]
    public void CostOf_WhenNobodyCountedTheTokensOfImages_IsWhatIsDocumentedOrTheMost(string size, string quality, int tokens)
    {
        var price = Price(new TokenRates(5_000_000_000, 1_250_000_000, 40_000_000_000));
        var images = new ImageBatch(2, size, quality);

        var cost = price.CostOf(new ModelUsage(50, 0, 0) { Images = images });

        Assert.That(cost, Is.EqualTo((50 * 5_000) + (2L * tokens * 40_000)));
        Assert.That(price.CeilingOf(50, images)!.Value.At(0), Is.GreaterThanOrEqualTo(cost));
    }

    // 100 tokens at 4, of which 10 are read from the cache, 20 written to it, 30 written for an hour.
    [TestCase(5L, 8L, (40 * 4) + (10 * 1) + (20 * 5) + (30 * 8))]
    [TestCase(5L, null, (40 * 4) + (10 * 1) + (50 * 5))]
    [TestCase(null, 8L, (60 * 4) + (10 * 1) + (30 * 8))]
    [TestCase(null, null, (90 * 4) + (10 * 1))]
    public void CostOf_WhenThePromptIsWrittenToACache_CountsThoseTokensByTheirRate(long? write, long? longWrite, long cost)
    {
        var price = Price(new TokenRates(4_000_000, 1_000_000, 0)
        {
            CacheWrite = write * 1_000_000,
            LongCacheWrite = longWrite * 1_000_000,
        });

        Assert.That(price.CostOf(new ModelUsage(100, 10, 0) { CacheWriteTokens = 20, LongCacheWriteTokens = 30 }), Is.EqualTo(cost));
        Assert.That(price.CeilingOf(100, null)!.Value.At(0), Is.GreaterThanOrEqualTo(cost));
    }

    [Test]
    public void CostOf_WhenMoreIsWrittenThanThePromptHas_CountsThePromptOnce()
    {
        var price = Price(new TokenRates(4_000_000, 1_000_000, 0) { CacheWrite = 5_000_000, LongCacheWrite = 8_000_000 });

        Assert.That(price.CostOf(new ModelUsage(100, 60, 0) { CacheWriteTokens = 90, LongCacheWriteTokens = 90 }), Is.EqualTo(60 + (40 * 5)));
    }

    [Test]
    public void CostOf_WhenCountsAreTheHighestThatAreBelieved_IsExact() =>
        Assert.That(
            Price(new TokenRates(ModelPrice.MaxRate, null, ModelPrice.MaxRate)).CostOf(new ModelUsage(100_000_000, 0, 100_000_000)),
            Is.EqualTo(2 * 100 * ModelPrice.MaxRate));

    [Test]
    public void CostOf_WhenComparedWithDecimals_IsTheSameForManyCounts()
    {
        var random = new Random(20250305);
        for (var round = 0; round < 10_000; round++)
        {
            var rates = new TokenRates(random.NextInt64(ModelPrice.MaxRate), random.NextInt64(ModelPrice.MaxRate), random.NextInt64(ModelPrice.MaxRate));
            var (prompt, answer) = (random.NextInt64(2_000_000), random.NextInt64(200_000));
            var cached = random.NextInt64(prompt + 1);

            var expected = Math.Ceiling(
                (((prompt - cached) * (decimal)rates.Input) + (cached * (decimal)rates.CachedInput!.Value) + (answer * (decimal)rates.Answer)) / 1_000_000m);

            Assert.That(Price(rates).CostOf(new ModelUsage(prompt, cached, answer)), Is.EqualTo((long)expected));
        }
    }

    [Test]
    public void CeilingOf_WhateverIsDeliveredWithinTheBound_IsNeverExceeded()
    {
        var random = new Random(20250306);
        for (var round = 0; round < 10_000; round++)
        {
            var price = Price(new TokenRates(random.Next(1_000), random.Next(3_000), random.Next(1_000))
            {
                Reasoning = random.Next(2_000),
                CacheWrite = random.Next(2_000),
                LongCacheWrite = random.Next(3_000),
            });
            var (prompt, most) = (random.Next(1, 5_000), random.Next(1, 5_000));
            var delivered = new ModelUsage(random.Next(prompt + 1), 0, random.Next(most + 1));
            delivered = delivered with
            {
                CachedTokens = random.NextInt64(delivered.PromptTokens + 1),
                CacheWriteTokens = random.NextInt64(delivered.PromptTokens + 1),
                LongCacheWriteTokens = random.NextInt64(delivered.PromptTokens + 1),
                ReasoningTokens = random.NextInt64(delivered.AnswerTokens + 1),
            };

            Assert.That(price.CeilingOf(prompt, null)!.Value.At(most), Is.GreaterThanOrEqualTo(price.CostOf(delivered)));
        }
    }

    [TestCase("1024x1024", "hd", 2, 160)]
    [TestCase("1024x1024", "standard", 1, 40)]
    public void CostOf_WhenImagesAreMade_IsTheirSizesAndQualitys(string size, string quality, int count, long cost)
    {
        var price = Price(null, new ImageRate("1024x1024", "standard", 40), new ImageRate("1024x1024", "hd", 80));
        var batch = new ImageBatch(count, size, quality);

        Assert.That(price.CostOf(new ModelUsage(9, 0, 0) { Images = batch }), Is.EqualTo(cost));
        Assert.That(price.CeilingOf(9, batch)!.Value.At(0), Is.EqualTo(cost));
    }

    [Test]
    public void CeilingOf_WhenSomethingHasNoPrice_IsNone()
    {
        var images = Price(null, new ImageRate("1024x1024", "standard", 40));

        Assert.That(images.CeilingOf(1, null), Is.Null);
        Assert.That(images.CeilingOf(0, new ImageBatch(1, "1024x1024", "hd")), Is.Null);
        Assert.That(() => images.CostOf(new ModelUsage(1, 0, 1)), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Price_WhenItPricesNothingOrTwiceOrOutOfRange_Throws()
    {
        Assert.That(() => Price(null), Throws.ArgumentException);
        Assert.That(() => Price(null, new ImageRate("1", "a", 1), new ImageRate("1", "a", 2)), Throws.ArgumentException);
        Assert.That(() => Price(new TokenRates(-1, null, 0)), Throws.ArgumentException);
        Assert.That(() => Price(new TokenRates(0, null, ModelPrice.MaxRate + 1)), Throws.ArgumentException);
        Assert.That(() => Price(new TokenRates(0, null, 0) { Reasoning = -1 }), Throws.ArgumentException);
        Assert.That(() => Price(new TokenRates(0, null, 0) { CacheWrite = -1 }), Throws.ArgumentException);
        Assert.That(() => Price(new TokenRates(0, null, 0) { LongCacheWrite = ModelPrice.MaxRate + 1 }), Throws.ArgumentException);
        Assert.That(() => Price(null, new ImageRate(string.Empty, "a", 1)), Throws.ArgumentException);
    }

    [Test]
    public void Price_WhenItsModelIsTypedInAnotherCase_IsTheSameModels() =>
        Assert.That(Price(new TokenRates(1, 1, 1)).Model, Is.EqualTo(ModelPrice.NormaliseModel(" gpt-4O ")));

    private static ModelPrice Price(TokenRates? tokens, params ImageRate[] images) =>
        new("GPT-4o", tokens, images, new PriceOrigin("A test", new DateOnly(2025, 3, 5), null), Now, Now);
}
