using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Sets what a model's tokens cost, from now or from a later time on. Earlier charges stay what they were.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set prices")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.ChangedMeanwhile))]
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

    /// <summary>Nano-USD a million tokens of the prompt (1,000,000,000 are one dollar).</summary>
    /// <example>3500000000</example>
    [Required]
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> InputPerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the prompt that the provider had cached; as the others by default.</summary>
    /// <example>1750000000</example>
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> CachedInputPerMillion { get; init; }

    /// <summary>Nano-USD a million tokens of the answer.</summary>
    /// <example>3500000000</example>
    [Required]
    [Range(0, ModelPrice.MaxRate)]
    public Supplied<long> AnswerPerMillion { get; init; }

    /// <summary>The first instant at which it applies: ISO 8601, not in the past; now by default.</summary>
    /// <example>2030-01-01T00:00:00Z</example>
    public Supplied<string> EffectiveFrom { get; init; }

    /// <summary>Where the price is published, or why it is set.</summary>
    /// <example>Contract of 2026-03-01</example>
    [Required]
    [MaxLength(ModelPrice.MaxSourceLength)]
    public Supplied<string> Source { get; init; }

    internal DateTimeOffset? EffectiveInstant =>
        DateTimeOffset.TryParse(
            EffectiveFrom.Or(string.Empty), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;
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
        RequireRate("input_per_million", command => command.InputPerMillion, isOptional: false);
        RequireRate("cached_input_per_million", command => command.CachedInputPerMillion, isOptional: true);
        RequireRate("answer_per_million", command => command.AnswerPerMillion, isOptional: false);
        Require(
            command => command.EffectiveFrom.IsLeftOut || command.EffectiveInstant >= time.GetUtcNow(),
            RequestErrors.Invalid("effective_from must be a time such as 2030-01-01T00:00:00Z that is not in the past"));
    }

    private void RequireRate(string name, Func<SetPriceCommand, Supplied<long>> rate, bool isOptional) => Require(
        command => rate(command) is { IsGiven: true, Value: >= 0 and <= ModelPrice.MaxRate } || (isOptional && rate(command).IsLeftOut),
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
            new TokenRates(
                command.InputPerMillion.Value,
                command.CachedInputPerMillion.IsGiven ? command.CachedInputPerMillion.Value : null,
                command.AnswerPerMillion.Value),
            [],
            new PriceOrigin(command.Source.Value.Trim(), today, record.RequiredCaller.UserId),
            command.EffectiveInstant ?? now,
            now);
        db.ModelPrices.Add(price);
        await changes.SaveAsync(cancellationToken);
        return price;
    }
}
