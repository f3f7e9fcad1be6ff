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
/// Takes tokens for something that was consumed elsewhere: what the caller has reserved first, oldest first, then what is left.
/// The fields may stand in the query instead; the body is then the note, <c>request_metadata</c>.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
[Refuses(typeof(TokenUseErrors), nameof(TokenUseErrors.InsufficientToConsume))]
public sealed record ConsumeTokensCommand : IRequest<TokenConsumption>, INamesTokens, IChargedRequest, IAskedBesideItsBody
{
    /// <summary>The route's key.</summary>
    public const string RouteKey = "tokens.consume";

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

    /// <summary>Tokens of the prompt.</summary>
    /// <example>300</example>
    [Range(0, int.MaxValue)]
    public Supplied<int> InputTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    /// <example>200</example>
    [Range(0, int.MaxValue)]
    public Supplied<int> OutputTokens { get; init; }

    /// <summary>Whether the fields stand in the query, so that the body is the note.</summary>
    [JsonIgnore]
    public bool IsInQuery { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Beside => IsInQuery
        ? JsonSerializer.Serialize((string[])
            [
                $"{Amount.Or(0)} {InputTokens.Or(0)} {OutputTokens.Or(0)}",
                Provider.Or(string.Empty), ModelName.Or(string.Empty), RequestType.Or(string.Empty),
            ])
        : string.Empty;
}

/// <summary>Tokens that were taken.</summary>
/// <param name="Consumed">How many.</param>
/// <param name="Remaining">How many can still be consumed.</param>
/// <param name="TotalUsed">How many were consumed this month.</param>
public sealed record TokenConsumption(long Consumed, long Remaining, long TotalUsed);

internal sealed class ConsumeTokensValidator : TokenRules<ConsumeTokensCommand>
{
    public ConsumeTokensValidator()
    {
        RequireTokens();
        RequireCount("input_tokens", command => command.InputTokens);
        RequireCount("output_tokens", command => command.OutputTokens);
        Require<ICallContext>(
            (command, call, _) => Task.FromResult(ConsumptionNote.IsValid(command, call.Body)),
            _ => TokenUseErrors.InvalidMetadata,
            TokenUseErrors.InvalidMetadata);
    }
}

/// <summary>The caller's note of a consumption: the body, where the fields stand in the query, else a member of it.</summary>
internal static class ConsumptionNote
{
    private const string Member = "request_metadata";

    public static bool IsValid(ConsumeTokensCommand command, CallBody body) =>
        Element(command, body) is not { ValueKind: not JsonValueKind.Object } && !(Of(command, body)?.Length > UsageRecord.MaxMetadataLength);

    public static string? Of(ConsumeTokensCommand command, CallBody body) => Element(command, body)?.GetRawText();

    private static JsonElement? Element(ConsumeTokensCommand command, CallBody body)
    {
        if (body.State is not BodyState.Read)
        {
            return null;
        }

        var whole = JsonElement.Parse(body.Json.Span);
        return command.IsInQuery ? whole
            : whole.TryGetProperty(Member, out var note) && note.ValueKind is not JsonValueKind.Null ? note
            : null;
    }
}

internal sealed class ConsumeTokensHandler(ICallContext call, CallRecord record, TokenAccounts tokens, ILedger ledger)
    : IRequestHandler<ConsumeTokensCommand, TokenConsumption>
{
    private const string Unknown = "unknown";

    public async Task<TokenConsumption> Handle(ConsumeTokensCommand command, CancellationToken cancellationToken)
    {
        var (caller, amount) = (record.RequiredCaller, command.Amount.Value);
        var lines = await tokens.LinesAsync(caller, amount, cancellationToken);
        var order = new HoldOrder(new HeldCall(call.RequestId, caller.UserId, ConsumeTokensCommand.RouteKey), Hold.Unpriced, lines, Dispatched: false)
        {
            Key = record.Key,
            Replaces = await tokens.ReservationsAsync(caller, 2 * TokenUseErrors.MostReservations, cancellationToken),
        };
        var decision = await ledger.PlaceHoldAsync(order, cancellationToken);
        if (decision.HoldId is not { } holdId)
        {
            throw new RefusedException(decision.Conflict ?? TokenUseErrors.InsufficientToConsume);
        }

        // Captured with the usage and the audit record, in one transaction.
        record.Settle(new Settlement.Capture(holdId) { Usage = new CallUsage(caller.BindingKeyId, DeliveryOf(command)) });
        var (remaining, balance) = TokenAccounts.OwnOf(lines, decision);
        return new TokenConsumption(amount, remaining, balance.Spent + amount);
    }

    private Delivery DeliveryOf(ConsumeTokensCommand command)
    {
        var usage = new ModelUsage(command.InputTokens.Or(0), 0, command.OutputTokens.Or(0));
        return new Delivery(command.ModelName.Or(Unknown), command.Provider.Or(Unknown), usage)
        {
            RequestType = command.RequestType.Or("chat"),
            Metadata = ConsumptionNote.Of(command, call.Body),
        };
    }
}
