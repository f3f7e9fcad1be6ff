using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>An image's rate as an administrator sends it.</summary>
public sealed record ImageRateFields
{
    /// <summary>Width and height in pixels.</summary>
    /// <example>1024x1024</example>
    [Required]
    [MaxLength(ImagePrice.MaxWordLength)]
    public Supplied<string> Size { get; init; }

    /// <summary>The provider's word for it.</summary>
    /// <example>standard</example>
    [Required]
    [MaxLength(ImagePrice.MaxWordLength)]
    public Supplied<string> Quality { get; init; }

    /// <summary>Nano-USD an image.</summary>
    /// <example>40000000</example>
    [Required]
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> Amount { get; init; }

    internal bool IsRight => Word(Size) && Word(Quality) && Amount is { IsGiven: true, Value: >= 0 and <= ModelPrice.MaxRate };

    internal ImageRate ToRate() => new(Size.Value.Trim(), Quality.Value.Trim(), Amount.Value);

    private static bool Word(Supplied<string> text) =>
        text.IsGiven && text.Value.Trim().Length > 0 && text.Value.Length <= ImagePrice.MaxWordLength && !text.Value.Any(char.IsControl);
}

/// <summary>Sets what a model's tokens and images cost, from now or from a later time on. Earlier charges stay what they were.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set prices")]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SetPriceCommand : IRequest<ModelPrice>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The model's public name.</summary>
    /// <example>llama-3.1-405b</example>
    [Required]
    [MaxLength(ModelPrice.MaxModelLength)]
    public Supplied<string> Model { get; init; }

    /// <summary>
    /// Nano-USD a million tokens of the prompt (1,000,000,000 are one dollar); left out, with those of the answer, where the model is
    /// not sold by the token.
    /// </summary>
    /// <example>3500000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> InputPerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the prompt that the provider had cached; as the others by default.</summary>
    /// <example>1750000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> CachedInputPerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the prompt that the provider wrote to its cache for its usual time; as the others by default.</summary>
    /// <example>4375000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> CacheWritePerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the prompt that the provider wrote to its cache for an hour; as the other writes by default.</summary>
    /// <example>7000000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> LongCacheWritePerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the answer.</summary>
    /// <example>3500000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> AnswerPerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the answer that the model thought with; as the others by default.</summary>
    /// <example>3500000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> ReasoningPerMillion { get; init; }

    /// <summary>What images cost, one rate a size and quality.</summary>
    [MaxLength(ModelPrice.MaxImageRates)]
    public Supplied<IReadOnlyList<ImageRateFields>> Images { get; init; }

    /// <summary>The first instant at which it applies: ISO 8601, not in the past; now by default.</summary>
    /// <example>2030-01-01T00:00:00Z</example>
    public Supplied<string> EffectiveFrom { get; init; }

    /// <summary>Where the price is published, or why it is set.</summary>
    /// <example>Contract of 2026-03-01</example>
    [Required]
    [MaxLength(ModelPrice.MaxSourceLength)]
    public Supplied<string> Source { get; init; }

    internal TokenRates? Tokens => InputPerMillion.IsGiven
        ? new TokenRates(InputPerMillion.Value, RateOf(CachedInputPerMillion), AnswerPerMillion.Value)
        {
            Reasoning = RateOf(ReasoningPerMillion),
            CacheWrite = RateOf(CacheWritePerMillion),
            LongCacheWrite = RateOf(LongCacheWritePerMillion),
        }
        : null;

    /// <summary>Whether a rate is said that means nothing without those of prompt and answer.</summary>
    internal bool SaysFurtherRates =>
        CachedInputPerMillion.IsGiven || ReasoningPerMillion.IsGiven || CacheWritePerMillion.IsGiven || LongCacheWritePerMillion.IsGiven;

    internal DateTimeOffset? EffectiveInstant =>
        DateTimeOffset.TryParse(
            EffectiveFrom.Or(string.Empty), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    private static long? RateOf(Supplied<long> rate) => rate.IsGiven ? rate.Value : null;
}

internal sealed class SetPriceValidator : OrderedValidator<SetPriceCommand>
{
    public SetPriceValidator(TimeProvider time)
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("model", command => command.Model), ("source", command => command.Source));
        RequireText("model", command => command.Model, ModelPrice.MaxModelLength);
        RequireText("source", command => command.Source, ModelPrice.MaxSourceLength);
        Require(
            command => !command.Model.Value.Concat(command.Source.Value).Any(char.IsControl),
            RequestErrors.Invalid("model and source must not contain control characters"));
        RequireRate("input_per_million", command => command.InputPerMillion);
        RequireRate("cached_input_per_million", command => command.CachedInputPerMillion);
        RequireRate("cache_write_per_million", command => command.CacheWritePerMillion);
        RequireRate("long_cache_write_per_million", command => command.LongCacheWritePerMillion);
        RequireRate("answer_per_million", command => command.AnswerPerMillion);
        RequireRate("reasoning_per_million", command => command.ReasoningPerMillion);
        Require(
            command => command.InputPerMillion.IsGiven == command.AnswerPerMillion.IsGiven
                && (command.InputPerMillion.IsGiven || !command.SaysFurtherRates),
            RequestErrors.Invalid("input_per_million and answer_per_million belong together; the other rates of tokens need them"));
        Require(
            command => command.Images.IsLeftOut || (command.Images.IsGiven && AreRates(command.Images.Value)),
            RequestErrors.Invalid(
                $"images must be a list of at most {ModelPrice.MaxImageRates} rates, each with size, quality and amount, one a size and quality"));
        Require(
            command => command.InputPerMillion.IsGiven || command.Images.Or([]).Count > 0,
            RequestErrors.Invalid("A price states input_per_million and answer_per_million, or images, or both"));
        Require(
            command => command.EffectiveFrom.IsLeftOut || command.EffectiveInstant >= time.GetUtcNow(),
            RequestErrors.Invalid("effective_from must be a time such as 2030-01-01T00:00:00Z that is not in the past"));
    }

    private static bool AreRates(IReadOnlyList<ImageRateFields> rates) =>
        rates.Count <= ModelPrice.MaxImageRates && rates.All(rate => rate.IsRight)
        && rates.DistinctBy(rate => (rate.Size.Value.Trim(), rate.Quality.Value.Trim())).Count() == rates.Count;

    private void RequireRate(string name, Func<SetPriceCommand, Supplied<long>> rate) => Require(
        command => rate(command) is { IsGiven: true, Value: >= 0 and <= ModelPrice.MaxRate } || rate(command).IsLeftOut,
        RequestErrors.Invalid($"{name} must be a whole number of nano-USD from 0 to {ModelPrice.MaxRate}"));
}

internal sealed class SetPriceHandler(IMeteringDb db, TermsChanges changes, CallRecord record, IPlatformClock clock)
    : IRequestHandler<SetPriceCommand, ModelPrice>
{
    public async Task<ModelPrice> Handle(SetPriceCommand command, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var price = new ModelPrice(
            command.Model.Value,
            command.Tokens,
            [.. command.Images.Or([]).Select(image => image.ToRate())],
            new PriceOrigin(command.Source.Value.Trim(), today, record.RequiredCaller.UserId),
            command.EffectiveInstant ?? now,
            now);
        db.ModelPrices.Add(price);
        await changes.SaveAsync(cancellationToken);
        return price;
    }
}
