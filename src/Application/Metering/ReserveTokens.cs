using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>
/// Sets tokens aside for a later consumption. What is not consumed in time is given back. The fields may stand in the query
/// instead.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
[Refuses(typeof(TokenUseErrors), nameof(TokenUseErrors.TooManyReservations), nameof(TokenUseErrors.InsufficientToReserve))]
public sealed record ReserveTokensCommand : IRequest<TokenReservation>, INamesTokens, IChargedRequest, IAskedBesideItsBody
{
    /// <summary>The route's key, by which reservations are found.</summary>
    public const string RouteKey = "tokens.reserve";

    /// <inheritdoc/>
    /// <example>500</example>
    [Required]
    [Range(1, int.MaxValue)]
    public Supplied<int> Amount { get; init; }

    /// <inheritdoc/>
    /// <example>openrouter</example>
    [MaxLength(UsageRecord.MaxNameLength)]
    public Supplied<string> Provider { get; init; }

    /// <inheritdoc/>
    /// <example>gpt-4o-mini</example>
    [MaxLength(UsageRecord.MaxNameLength)]
    public Supplied<string> ModelName { get; init; }

    /// <inheritdoc/>
    /// <example>chat</example>
    [MaxLength(UsageRecord.MaxTypeLength)]
    public Supplied<string> RequestType { get; init; }

    /// <summary>The fields, which may stand in the query.</summary>
    [JsonIgnore]
    public string Beside => JsonSerializer.Serialize(
        (string[])[$"{Amount.Or(0)}", Provider.Or(string.Empty), ModelName.Or(string.Empty), RequestType.Or(string.Empty)]);
}

/// <summary>Tokens that are set aside.</summary>
/// <param name="Reserved">How many.</param>
/// <param name="Remaining">How many more can be reserved or consumed.</param>
public sealed record TokenReservation(long Reserved, long Remaining);

internal sealed class ReserveTokensValidator : TokenRules<ReserveTokensCommand>
{
    public ReserveTokensValidator() => RequireTokens();
}

internal sealed class ReserveTokensHandler(ICallContext call, CallRecord record, TokenAccounts tokens, ILedger ledger)
    : IRequestHandler<ReserveTokensCommand, TokenReservation>
{
    public async Task<TokenReservation> Handle(ReserveTokensCommand command, CancellationToken cancellationToken)
    {
        var (caller, amount) = (record.RequiredCaller, command.Amount.Value);
        var open = await tokens.ReservationsAsync(caller, TokenUseErrors.MostReservations, cancellationToken);
        if (open.Count == TokenUseErrors.MostReservations)
        {
            throw new RefusedException(TokenUseErrors.TooManyReservations);
        }

        var lines = await tokens.LinesAsync(caller, amount, cancellationToken);
        var order = new HoldOrder(
            new HeldCall(call.RequestId, caller.UserId, ReserveTokensCommand.RouteKey), Hold.Unpriced, lines, Dispatched: false)
        {
            Key = record.Key,
        };
        var decision = await ledger.PlaceHoldAsync(order, cancellationToken);
        if (decision.HoldId is not { } holdId)
        {
            throw new RefusedException(decision.Conflict ?? TokenUseErrors.InsufficientToReserve);
        }

        record.Settle(new Settlement.Leave(holdId));
        return new TokenReservation(amount, TokenAccounts.OwnOf(lines, decision).Remaining);
    }
}
