using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Charges a card and credits the caller's wallet with it, once.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(
    typeof(WalletErrors),
    nameof(WalletErrors.NotConfigured), nameof(WalletErrors.PaymentFailed), nameof(WalletErrors.NotConfirmed))]
public sealed record RechargeWalletCommand : IRequest<WalletRecharge>, IChargedRequest, IAskedBesideItsBody
{
    /// <summary>Longest token, in characters.</summary>
    public const int MaxTokenLength = 255;

    /// <summary>The payment token that Stripe gave for the card; good once.</summary>
    /// <example>tok_visa</example>
    [Required]
    [MaxLength(MaxTokenLength)]
    public Supplied<string> Token { get; init; }

    /// <summary>US cents, 50 to 100,000 (one thousand dollars); it may be in the query string instead.</summary>
    /// <example>500</example>
    [Required]
    [Range(TopUp.MinCents, TopUp.MaxCents)]
    public Supplied<long> Amount { get; init; }

    /// <summary>The amount, which the body need not carry.</summary>
    [JsonIgnore]
    public string Beside => Amount.Or(0).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A wallet that was recharged.</summary>
/// <param name="Balance">What it had then, in nano-USD.</param>
public sealed record WalletRecharge(long Balance);

internal sealed class RechargeWalletValidator : FieldRules<RechargeWalletCommand>
{
    public RechargeWalletValidator()
    {
        Require(
            command => command.Token.IsMistyped || !string.IsNullOrWhiteSpace(command.Token.Or(string.Empty)), WalletErrors.TokenMissing);
        RequireField(
            "token",
            command => command.Token,
            IsToken,
            $"a payment token of at most {RechargeWalletCommand.MaxTokenLength} letters, digits, _ and -");
        RequireLong("amount", command => command.Amount, TopUp.MinCents, TopUp.MaxCents);
    }

    private static bool IsToken(string text) => text.Length <= RechargeWalletCommand.MaxTokenLength
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}

internal sealed class RechargeWalletHandler(TopUps topUps, ICardPayments payments, CallRecord record, CommerceCall call)
    : IRequestHandler<RechargeWalletCommand, WalletRecharge>
{
    public async Task<WalletRecharge> Handle(RechargeWalletCommand command, CancellationToken cancellationToken)
    {
        if (!payments.AreConfigured)
        {
            throw new RefusedException(WalletErrors.NotConfigured);
        }

        var intent = new TopUp(record.RequiredCaller.UserId, command.Amount.Value, record.Key, call.RequestId, call.Now);
        var topUp = await topUps.BeginAsync(intent, cancellationToken);
        if (topUp == intent || await IsOursToAskAsync(topUp, cancellationToken))
        {
            await topUps.ChargeAsync(topUp, command.Token.Value, CancellationToken.None);
        }

        return topUp.State switch
        {
            TopUpState.Credited => new WalletRecharge(topUp.BalanceAfter!.Value),
            TopUpState.Failed => throw new RefusedException(WalletErrors.PaymentFailed),
            _ => throw new RefusedException(WalletErrors.NotConfirmed),
        };
    }

    /// <summary>Whether the gateway should be asked again for what an earlier call wanted.</summary>
    private async Task<bool> IsOursToAskAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (!topUp.IsSame(record.Key!.Value))
        {
            throw new RefusedException(IdempotencyErrors.KeyReused);
        }

        if (topUp.IsUnderWay(call.Now))
        {
            throw new RefusedException(IdempotencyErrors.InProgress);
        }

        record.Replay(topUp.RequestId);
        await topUps.CreditAsync(topUp, CancellationToken.None);
        return await topUps.TryTakeTurnAsync(topUp, cancellationToken);
    }
}
