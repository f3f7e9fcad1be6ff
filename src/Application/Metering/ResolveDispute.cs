using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Ends a dispute: charges the call, in whole or in part, or gives the hold back.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "resolve disputes")]
[Refuses(typeof(DisputeErrors), nameof(DisputeErrors.NotFound), nameof(DisputeErrors.NotDisputed))]
[Refuses(typeof(DisputeErrors), nameof(DisputeErrors.MeterRequired), nameof(DisputeErrors.MeterNotHeld), nameof(DisputeErrors.AmountExceedsHold))]
public sealed record ResolveDisputeCommand : IRequest<HoldEvidence>
{
    /// <summary>Pays the hold.</summary>
    public const string Capture = "capture";

    /// <summary>Gives the hold back.</summary>
    public const string Release = "release";

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 200;

    /// <summary>The hold as the path names it; anything but a UUID finds nothing.</summary>
    [JsonIgnore]
    public string HoldId { get; init; } = string.Empty;

    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>Whether the call is charged or the hold given back.</summary>
    /// <example>capture</example>
    [Required]
    [AllowedValues(Capture, Release)]
    public Supplied<string> Action { get; init; }

    /// <summary>
    /// What to charge, in the smallest unit of the meter (thousandths of a credit, nano-USD, whole tokens), from 1 to what is
    /// held; nothing for all that is held. Each of the hold's accounts of that meter pays it. Only with <c>capture</c>.
    /// </summary>
    [Range(typeof(long), "1", "9223372036854775807")]
    public Supplied<long> Amount { get; init; }

    /// <summary>
    /// The meter that <c>amount</c> counts in, needed where the hold lies on accounts of several meters: amounts of different
    /// meters cannot be divided by each other, so the accounts of the other meters pay all that they hold. Only with <c>amount</c>.
    /// </summary>
    [AllowedValues(
        "credits", "wallet", "tokens", "conversations", "key_budget", "team_budget", "requests_per_minute", "tokens_per_minute")]
    public Supplied<string> Meter { get; init; }

    /// <summary>Why; it stays with the hold.</summary>
    /// <example>The provider's invoice has the call</example>
    [Required]
    [MaxLength(MaxReasonLength)]
    public Supplied<string> Reason { get; init; }
}

/// <summary>What can be wrong with the end of a dispute.</summary>
internal static class DisputeErrors
{
    /// <summary>There is no such hold.</summary>
    public static readonly Error NotFound = new("hold_not_found", ErrorKind.NotFound, "Hold not found");

    /// <summary>The hold lies on accounts of several meters and the amount names none.</summary>
    /// <param name="meters">The meters.</param>
    public static Error MeterRequired(string meters) => new(
        "meter_required",
        ErrorKind.BadRequest,
        $"The hold lies on accounts of several meters ({meters}): say with meter which one amount counts in, or leave amount out to charge all that is held");

    /// <summary>No account of the hold counts the meter.</summary>
    /// <param name="meters">The meters of the hold.</param>
    public static Error MeterNotHeld(string meters) =>
        new("meter_not_held", ErrorKind.BadRequest, $"meter must be one that the hold lies on: {meters}");

    /// <summary>More would be charged than was set aside.</summary>
    /// <param name="amount">What is held.</param>
    public static Error AmountExceedsHold(string amount) =>
        new("amount_exceeds_hold", ErrorKind.BadRequest, $"amount must not exceed what is held: {amount}");

    /// <summary>The hold is settled, or its call still runs.</summary>
    /// <param name="state">The state that it is in.</param>
    public static Error NotDisputed(string state) =>
        new("hold_not_disputed", ErrorKind.Conflict, $"The hold is {state}, not disputed");
}

internal sealed class ResolveDisputeValidator : OrderedValidator<ResolveDisputeCommand>
{
    public ResolveDisputeValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("action", command => command.Action), ("reason", command => command.Reason));
        Require(
            command => command.Action.Value is ResolveDisputeCommand.Capture or ResolveDisputeCommand.Release,
            RequestErrors.Invalid("action must be capture or release"));
        RequireText("reason", command => command.Reason, ResolveDisputeCommand.MaxReasonLength);
        Require(command => command.Amount.IsAbsentOr(amount => amount >= 1), RequestErrors.Invalid("amount must be a number from 1 on"));
        Require(
            command => command.Amount.IsLeftOut || command.Action.Value == ResolveDisputeCommand.Capture,
            RequestErrors.Invalid("amount must be left out with release, which gives back all that is held"));
        Require(
            command => command.Meter.IsAbsentOr(meter => LedgerNames.Find<Meter>(meter) is not null),
            RequestErrors.Invalid($"meter must be one of: {LedgerNames.All<Meter>()}"));
        Require(
            command => command.Meter.IsLeftOut || command.Amount.IsGiven,
            RequestErrors.Invalid("meter must be left out without amount"));
    }
}

internal sealed class ResolveDisputeHandler(ICallContext call, CallRecord record, IMeteringDb db, ILedger ledger)
    : IRequestHandler<ResolveDisputeCommand, HoldEvidence>
{
    public async Task<HoldEvidence> Handle(ResolveDisputeCommand command, CancellationToken cancellationToken)
    {
        var evidence = await FindAsync(command.HoldId, cancellationToken);
        RequireDisputed(evidence.Hold);
        var delivered = command.Action.Value == ResolveDisputeCommand.Capture ? Delivered(command, evidence.Lines) : null;
        var verdict = new DisputeVerdict(
            call.RequestId, record.RequiredCaller.UserId, evidence.Hold.Id, delivered, command.Reason.Value);
        var resolved = await ledger.ResolveDisputeAsync(verdict, cancellationToken);
        var settled = await FindAsync(command.HoldId, cancellationToken);
        return resolved ? settled : throw new RefusedException(DisputeErrors.NotDisputed(LedgerNames.Of(settled.Hold.State)));
    }

    private static void RequireDisputed(Hold hold)
    {
        if (hold.State is not HoldState.Disputed)
        {
            throw new RefusedException(DisputeErrors.NotDisputed(LedgerNames.Of(hold.State)));
        }
    }

    /// <summary>What each meter is charged: all that is held, but for the meter that the amount counts in.</summary>
    private static Dictionary<Meter, long> Delivered(ResolveDisputeCommand command, IReadOnlyList<HeldAmount> lines)
    {
        var held = lines.GroupBy(line => line.Account.Meter).ToDictionary(meter => meter.Key, meter => meter.Max(line => line.Amount));
        if (!command.Amount.IsGiven)
        {
            return held;
        }

        var names = string.Join(", ", held.Keys.Order().Select(LedgerNames.Of));
        if (!command.Meter.IsGiven && held.Count > 1)
        {
            throw new RefusedException(DisputeErrors.MeterRequired(names));
        }

        var meter = held.Keys.Where(meter => !command.Meter.IsGiven || LedgerNames.Of(meter) == command.Meter.Value).Cast<Meter?>().FirstOrDefault()
            ?? throw new RefusedException(DisputeErrors.MeterNotHeld(names));
        if (command.Amount.Value > held[meter])
        {
            throw new RefusedException(DisputeErrors.AmountExceedsHold($"{held[meter]}"));
        }

        held[meter] = command.Amount.Value;
        return held;
    }

    private async Task<HoldEvidence> FindAsync(string holdId, CancellationToken cancellationToken)
    {
        var found = Guid.TryParseExact(holdId, "D", out var id)
            ? await db.ReadEvidenceAsync(db.Holds.Where(hold => hold.Id == id), 0, 1, cancellationToken)
            : [];
        return found is [var only] ? only : throw new RefusedException(DisputeErrors.NotFound);
    }
}
