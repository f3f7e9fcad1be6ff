using System.Globalization;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>Words the refusal of a call whose account lacks funds.</summary>
internal static class LimitErrors
{
    /// <summary>The refusal of a line.</summary>
    /// <param name="line">The line that lacks funds.</param>
    /// <param name="now">The time of the call.</param>
    /// <param name="zone">The zone whose calendar counts.</param>
    public static Error Of(HoldOrderLine line, DateTimeOffset now, TimeZoneInfo zone)
    {
        var meter = line.Account.Meter;
        var owner = OwnerOf(line.Account.OwnerKind);
        var renews = Period.NextStart(MeterUnits.PeriodOf(meter), now, zone);
        return meter switch
        {
            Meter.Credits => BalanceErrors.Depleted,
            Meter.Wallet => BalanceErrors.WalletTooLow,
            Meter.KeyBudget or Meter.TeamBudget => BalanceErrors.BudgetReached(owner, Dollars(line.OpeningGrant), Local(renews!.Value, zone)),
            Meter.Tokens => BalanceErrors.TokensUsedUp(owner, Number(line.OpeningGrant), Local(renews!.Value, zone)),
            Meter.Conversations => BalanceErrors.ConversationsUsedUp(owner, Number(line.OpeningGrant), Local(renews!.Value, zone)),
            Meter.RequestsPerMinute => BalanceErrors.TooManyRequests(owner, Number(line.OpeningGrant)) with
            {
                RetryAfter = renews - now,
                RateLimit = new RateLimit(line.OpeningGrant, renews!.Value),
            },
            Meter.TokensPerMinute => TooManyTokens(line, owner, renews!.Value, now),
            _ => throw new InvalidOperationException($"No words refuse {meter}."),
        };
    }

    private static Error TooManyTokens(HoldOrderLine line, string owner, DateTimeOffset renews, DateTimeOffset now)
    {
        // What exceeds a whole window fits into none: coming back later does not help.
        var least = line.Ceiling.At(line.Ceiling.PerToken == 0 ? 0 : 1);
        return least > line.OpeningGrant
            ? BalanceErrors.LongerThanAMinuteAllows(owner, Number(line.OpeningGrant))
            : BalanceErrors.TooManyTokens(owner, Number(line.OpeningGrant)) with
            {
                RetryAfter = renews - now,
                RateLimit = new RateLimit(line.OpeningGrant, renews),
            };
    }

    private static string OwnerOf(OwnerKind kind) => kind switch
    {
        OwnerKind.ApiKey => "API key",
        OwnerKind.Team => "team",
        _ => "account",
    };

    private static string Number(long amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static string Dollars(long nanoDollars) =>
        (nanoDollars / (decimal)MeterUnits.PerDollar).ToString("0.00#######", CultureInfo.InvariantCulture);

    private static string Local(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
