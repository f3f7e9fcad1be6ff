using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>How a person stands with the Tokens meter this month.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Plan">The person's plan.</param>
/// <param name="MonthlyLimit">Tokens a month: the plan's, or those of a limit that an administrator set.</param>
/// <param name="Used">Tokens that were consumed.</param>
/// <param name="Remaining">Tokens that can still be reserved or consumed.</param>
/// <param name="ResetAt">When the tokens of a paid plan start anew, UTC; none for the free plan, whose answer names no day.</param>
public sealed record TokenStanding(Guid UserId, string Plan, long MonthlyLimit, long Used, long Remaining, DateTimeOffset? ResetAt);

/// <summary>
/// The accounts of the Tokens meter that bind a caller: the key's and the team's where they are limited, and always the user's
/// own, which is granted what the plan says. The first hold of a month opens them.
/// </summary>
internal sealed class TokenAccounts(TermsReader terms, ITokenPlans plans, IMeteringDb db, IPlatformClock clock)
{
    private Period Month => Period.Of(PeriodRule.Month, clock.Now, clock.Zone);

    /// <summary>How the caller stands.</summary>
    public async Task<TokenStanding> StandingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var plan = await plans.OfAsync(caller.UserId, cancellationToken);
        var own = Own(await LimitsAsync(caller, plan, cancellationToken));
        var month = Month;
        var account = await db.LedgerAccounts
            .Where(row => row.OwnerId == caller.UserId && row.OwnerKind == OwnerKind.User && row.Meter == Meter.Tokens && row.Period == month)
            .Select(row => new { row.Granted, row.Held, row.Spent })
            .FirstOrDefaultAsync(cancellationToken);
        var balance = new AccountBalance(KeyOf(own), account?.Granted ?? own.Amount, account?.Held ?? 0, account?.Spent ?? 0);
        return new TokenStanding(
            caller.UserId,
            plan.Name,
            own.Amount,
            balance.Spent,
            Math.Max(0, Line(own, 1).Available(balance)),
            plan.IsPaid ? Period.NextStart(PeriodRule.Month, clock.Now, clock.Zone) : null);
    }

    /// <summary>One line an account that binds the caller, the user's own among them.</summary>
    public async Task<IReadOnlyList<HoldOrderLine>> LinesAsync(Caller caller, long amount, CancellationToken cancellationToken)
    {
        var limits = await LimitsAsync(caller, await plans.OfAsync(caller.UserId, cancellationToken), cancellationToken);
        return [.. limits.Select(limit => Line(limit, amount))];
    }

    /// <summary>The caller's open reservations, oldest first.</summary>
    public Task<List<Guid>> ReservationsAsync(Caller caller, int most, CancellationToken cancellationToken) => db.Holds
        .Where(hold => hold.SettledAt == null && hold.State == HoldState.Held && hold.UserId == caller.UserId
            && hold.RouteKey == ReserveTokensCommand.RouteKey)
        .OrderBy(hold => hold.CreatedAt).ThenBy(hold => hold.Id)
        .Take(most)
        .Select(hold => hold.Id)
        .ToListAsync(cancellationToken);

    /// <summary>How a hold left the user's own account.</summary>
    public static (long Remaining, AccountBalance Balance) OwnOf(IReadOnlyList<HoldOrderLine> lines, HoldDecision decision)
    {
        var line = lines.Single(line => line.Account.OwnerKind is OwnerKind.User);
        var balance = decision.Balances.Single(balance => balance.Account == line.Account);
        return (line.Available(balance), balance);
    }

    private async Task<IReadOnlyList<BindingLimit>> LimitsAsync(Caller caller, TokenPlan plan, CancellationToken cancellationToken)
    {
        var all = (await terms.TermsOfAsync(caller, cancellationToken)).With(caller, plan).Limits;
        return [.. all.Where(limit => limit.Meter is Meter.Tokens)];
    }

    private static BindingLimit Own(IReadOnlyList<BindingLimit> limits) => limits.Single(limit => limit.OwnerKind is OwnerKind.User);

    private AccountKey KeyOf(BindingLimit limit) => new(limit.OwnerKind, limit.OwnerId, Meter.Tokens, Month);

    private HoldOrderLine Line(BindingLimit limit, long amount) => new(KeyOf(limit), limit.Amount, amount) { Limit = limit.Amount };
}

/// <summary>What can be refused about tokens; the words are those of seed 003.</summary>
public static class TokenUseErrors
{
    /// <summary>Most reservations that a person may have open.</summary>
    public const int MostReservations = 100;

    /// <summary>What is left does not cover the reservation.</summary>
    public static readonly Error InsufficientToReserve =
        new("insufficient_tokens_available", ErrorKind.Forbidden, "Insufficient tokens available");

    /// <summary>What is left does not cover the consumption.</summary>
    public static readonly Error InsufficientToConsume =
        new("insufficient_tokens", ErrorKind.Forbidden, "Insufficient tokens");

    /// <summary>The person has as many reservations open as anybody may.</summary>
    public static readonly Error TooManyReservations = new(
        "too_many_reservations",
        ErrorKind.TooManyRequests,
        $"There are {MostReservations} open reservations. Consume them, or wait until they expire.")
    {
        RetryAfter = TimeSpan.FromMinutes(1),
    };

    /// <summary>The note of a consumption is none.</summary>
    public static readonly Error InvalidMetadata = RequestErrors.Unprocessable(
        "request_metadata", $"a JSON object of at most {UsageRecord.MaxMetadataLength} characters");
}
