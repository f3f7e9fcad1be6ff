namespace AiPlatform.Domain.Metering;

/// <summary>What a million tokens cost, in nano-USD.</summary>
/// <param name="Input">Tokens of the prompt.</param>
/// <param name="CachedInput">Tokens of the prompt that the provider had cached; <see langword="null"/> where they cost as much as the others.</param>
/// <param name="Answer">Tokens of the answer.</param>
public readonly record struct TokenRates(long Input, long? CachedInput, long Answer)
{
    /// <summary>Tokens of the answer that the model thought with; <see langword="null"/> where they cost as much as the others.</summary>
    public long? Reasoning { get; init; }

    /// <summary>
    /// Tokens of the prompt that the provider wrote to its cache for its usual time; <see langword="null"/> where they cost as much
    /// as the others.
    /// </summary>
    public long? CacheWrite { get; init; }

    /// <summary>Tokens of the prompt that the provider wrote to its cache for an hour; <see langword="null"/> where they cost as much as the other writes.</summary>
    public long? LongCacheWrite { get; init; }

    /// <summary>All of them that are said.</summary>
    internal IEnumerable<long> All => new long?[] { Input, CachedInput, Answer, Reasoning, CacheWrite, LongCacheWrite }.OfType<long>();
}

/// <summary>What one image costs.</summary>
/// <param name="Size">Width and height in pixels, <c>1024x1024</c>.</param>
/// <param name="Quality">The provider's word for it, for example <c>standard</c>.</param>
/// <param name="Amount">Nano-USD an image.</param>
public readonly record struct ImageRate(string Size, string Quality, long Amount);

/// <summary>Who says what a model costs.</summary>
/// <param name="Source">Where the price is published, or why it was set.</param>
/// <param name="AsOf">The day on which the source said so.</param>
/// <param name="ActorId">The administrator who set it; <see langword="null"/> for a price that came with the platform.</param>
public readonly record struct PriceOrigin(string Source, DateOnly AsOf, Guid? ActorId);

/// <summary>
/// What a model costs from an instant on. A version is never changed, so that a charge can be computed again from the version
/// that it records; a later version takes its place.
/// </summary>
public sealed class ModelPrice
{
    /// <summary>Longest name of a model, in characters.</summary>
    public const int MaxModelLength = 100;

    /// <summary>Longest source, in characters.</summary>
    public const int MaxSourceLength = 500;

    /// <summary>Most image rates of one price.</summary>
    public const int MaxImageRates = 50;

    /// <summary>Highest rate, in nano-USD a million tokens or an image: 10,000 USD.</summary>
    public const long MaxRate = 10_000 * MeterUnits.PerDollar;

    private readonly List<ImagePrice> _images = [];

    private ModelPrice()
    {
        Model = Source = string.Empty;
    }

    /// <summary>Records a price.</summary>
    /// <param name="model">The model's public name; letter case does not matter.</param>
    /// <param name="tokens">What its tokens cost; <see langword="null"/> where it is not sold by the token.</param>
    /// <param name="images">What its images cost; empty where it makes none.</param>
    /// <param name="origin">Who says so.</param>
    /// <param name="effectiveFrom">The first instant at which it applies.</param>
    /// <param name="now">The time of recording, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentException">Nothing has a price, a size and quality has two, or a rate is out of range.</exception>
    public ModelPrice(
        string model, TokenRates? tokens, IReadOnlyList<ImageRate> images, PriceOrigin origin, DateTimeOffset effectiveFrom, DateTimeOffset now)
    {
        Guard(tokens, images);
        Id = Guid.CreateVersion7(now);
        Model = NormaliseModel(model);
        (InputPerMillion, CachedInputPerMillion, AnswerPerMillion) = (tokens?.Input, tokens?.CachedInput, tokens?.Answer);
        ReasoningPerMillion = tokens?.Reasoning;
        (CacheWritePerMillion, LongCacheWritePerMillion) = (tokens?.CacheWrite, tokens?.LongCacheWrite);
        (Source, AsOf, ActorId) = origin;
        (EffectiveFrom, CreatedAt) = (effectiveFrom, now);
        _images.AddRange(images.Select(rate => new ImagePrice(Id, rate)));
    }

    /// <summary>UUIDv7; the price version that charges record.</summary>
    public Guid Id { get; private set; }

    /// <summary>The model's public name, in lower case.</summary>
    public string Model { get; private set; }

    /// <summary>The first instant at which the price applies, UTC.</summary>
    public DateTimeOffset EffectiveFrom { get; private set; }

    /// <summary>Nano-USD a million tokens of the prompt; <see langword="null"/> where the model is not sold by the token.</summary>
    public long? InputPerMillion { get; private set; }

    /// <summary>Nano-USD a million tokens of the prompt that the provider had cached; <see langword="null"/> where they cost as much as the others.</summary>
    public long? CachedInputPerMillion { get; private set; }

    /// <summary>Nano-USD a million tokens of the answer; <see langword="null"/> where the model is not sold by the token.</summary>
    public long? AnswerPerMillion { get; private set; }

    /// <summary>
    /// Nano-USD a million tokens of the answer that the model thought with; <see langword="null"/> where they cost as much as the
    /// others.
    /// </summary>
    public long? ReasoningPerMillion { get; private set; }

    /// <summary>
    /// Nano-USD a million tokens of the prompt that the provider wrote to its cache for its usual time; <see langword="null"/> where
    /// they cost as much as the others.
    /// </summary>
    public long? CacheWritePerMillion { get; private set; }

    /// <summary>
    /// Nano-USD a million tokens of the prompt that the provider wrote to its cache for an hour; <see langword="null"/> where they
    /// cost as much as the other writes.
    /// </summary>
    public long? LongCacheWritePerMillion { get; private set; }

    /// <summary>Where the price is published, or why it was set.</summary>
    public string Source { get; private set; }

    /// <summary>The day on which the source said so.</summary>
    public DateOnly AsOf { get; private set; }

    /// <summary>The administrator who set it; <see langword="null"/> for a price that came with the platform.</summary>
    public Guid? ActorId { get; private set; }

    /// <summary>When the price was recorded, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>What its images cost.</summary>
    public IReadOnlyList<ImagePrice> Images => _images;

    /// <summary>A model's name as prices keep it.</summary>
    /// <param name="model">The public name.</param>
    public static string NormaliseModel(string model) => model.Trim().ToLowerInvariant();

    /// <summary>The most that a call can cost.</summary>
    /// <param name="promptTokens">Most tokens of the prompt.</param>
    /// <param name="images">The images asked for.</param>
    /// <returns><see langword="null"/> where something of the call has no price.</returns>
    public Ceiling? CeilingOf(long promptTokens, ImageBatch? images)
    {
        if (images is not null)
        {
            return CeilingOf(images) ?? (AnswerPerMillion is { } token && InputPerMillion is { } word
                ? new Ceiling(((Int128)promptTokens * DearestOfPrompt(word)) + ((Int128)images.Count * ImageTokens.Most * token), 0)
                : null);
        }

        // A cached token may cost more than another one, and a thought more than a word; which it will be is not known yet.
        return (InputPerMillion, AnswerPerMillion) is ({ } input, { } answer)
            ? new Ceiling((Int128)promptTokens * DearestOfPrompt(input), Math.Max(answer, ReasoningPerMillion ?? answer))
            : null;
    }

    /// <summary>What a call cost, rounded up to the next nano-USD once, over all its parts together.</summary>
    /// <param name="usage">
    /// What was delivered; tokens of the cache beyond the prompt's are none, nor are thoughts beyond the answer's. Images that
    /// nobody counted the tokens of are charged by <see cref="ImageTokens"/>, where they have no price of their own.
    /// </param>
    /// <exception cref="InvalidOperationException">Something of it has no price.</exception>
    public long CostOf(ModelUsage usage)
    {
        if (usage.Images is { } images && (ImageRateOf(images) is not null || AnswerPerMillion is null))
        {
            return checked((ImageRateOf(images) ?? throw Unpriced()) * images.Count);
        }

        var (input, answer) = (InputPerMillion ?? throw Unpriced(), AnswerPerMillion ?? throw Unpriced());
        var answerTokens = usage is { Images: { } made, AnswerTokens: <= 0 } ? ImageTokens.Of(made) : usage.AnswerTokens;
        var reasoning = Math.Clamp(usage.ReasoningTokens, 0, answerTokens);
        return Ceiling.RoundUp(
            CostOfPrompt(usage, input) + ((Int128)(answerTokens - reasoning) * answer) + ((Int128)reasoning * (ReasoningPerMillion ?? answer)));
    }

    /// <summary>In millionths of a nano-USD. Of what cannot all be part of the prompt, the dearer kind goes last.</summary>
    private Int128 CostOfPrompt(ModelUsage usage, long input)
    {
        var cached = Math.Clamp(usage.CachedTokens, 0, usage.PromptTokens);
        var written = Math.Clamp(usage.CacheWriteTokens, 0, usage.PromptTokens - cached);
        var writtenLong = Math.Clamp(usage.LongCacheWriteTokens, 0, usage.PromptTokens - cached - written);
        var write = CacheWritePerMillion ?? input;
        return ((Int128)(usage.PromptTokens - cached - written - writtenLong) * input)
            + ((Int128)cached * (CachedInputPerMillion ?? input))
            + ((Int128)written * write)
            + ((Int128)writtenLong * (LongCacheWritePerMillion ?? write));
    }

    private long DearestOfPrompt(long input) => Math.Max(
        Math.Max(input, CachedInputPerMillion ?? input), Math.Max(CacheWritePerMillion ?? input, LongCacheWritePerMillion ?? input));

    private static void Guard(TokenRates? tokens, IReadOnlyList<ImageRate> images)
    {
        if (tokens is null && images.Count == 0)
        {
            throw new ArgumentException("A price states what tokens or images cost.", nameof(tokens));
        }

        if (images.DistinctBy(rate => (rate.Size, rate.Quality)).Count() != images.Count)
        {
            throw new ArgumentException("A size and quality has one price.", nameof(images));
        }

        if (images.Count > MaxImageRates || images.Any(rate => !IsWord(rate.Size) || !IsWord(rate.Quality)))
        {
            throw new ArgumentException($"A price has at most {MaxImageRates} image rates, each of a size and a quality.", nameof(images));
        }

        var rates = images.Select(rate => rate.Amount).Concat(tokens?.All ?? []);
        if (rates.Any(rate => rate is < 0 or > MaxRate))
        {
            throw new ArgumentException($"A rate is 0 to {MaxRate} nano-USD.", nameof(tokens));
        }
    }

    private static bool IsWord(string word) => word.Length is > 0 and <= ImagePrice.MaxWordLength;

    private Ceiling? CeilingOf(ImageBatch images) => ImageRateOf(images) is { } rate ? Ceiling.Of(checked(rate * images.Count)) : null;

    private long? ImageRateOf(ImageBatch images) =>
        _images.Find(price => price.Size == images.Size && price.Quality == images.Quality)?.Amount;

    private InvalidOperationException Unpriced() => new($"Price {Id} of {Model} does not cover the call.");
}

/// <summary>What one image of a size and quality costs.</summary>
public sealed class ImagePrice
{
    /// <summary>Longest size and longest quality, in characters.</summary>
    public const int MaxWordLength = 20;

    private ImagePrice()
    {
        Size = Quality = string.Empty;
    }

    internal ImagePrice(Guid priceId, ImageRate rate)
    {
        PriceId = priceId;
        (Size, Quality, Amount) = rate;
    }

    /// <summary>The price version that it is part of.</summary>
    public Guid PriceId { get; private set; }

    /// <summary>Width and height in pixels.</summary>
    public string Size { get; private set; }

    /// <summary>The provider's word for it.</summary>
    public string Quality { get; private set; }

    /// <summary>Nano-USD an image.</summary>
    public long Amount { get; private set; }
}
