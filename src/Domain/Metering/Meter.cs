namespace AiPlatform.Domain.Metering;

/// <summary>What an account counts. Amounts are always in the meter's smallest unit.</summary>
public enum Meter
{
    /// <summary>Calls' credits, granted per tier and calendar month; thousandths of a credit.</summary>
    Credits = 0,

    /// <summary>Money that a person paid in; nano-USD.</summary>
    Wallet = 1,

    /// <summary>Model tokens of a plan, granted per calendar month; whole tokens.</summary>
    Tokens = 2,

    /// <summary>Conversations, granted per day; whole conversations.</summary>
    Conversations = 3,

    /// <summary>What an API key may spend in a calendar month; nano-USD.</summary>
    KeyBudget = 4,

    /// <summary>What a team may spend in a calendar month; nano-USD.</summary>
    TeamBudget = 5,

    /// <summary>Requests in a minute; whole requests.</summary>
    RequestsPerMinute = 6,

    /// <summary>Model tokens in a minute; whole tokens.</summary>
    TokensPerMinute = 7,
}

/// <summary>The units and the periods of the meters.</summary>
public static class MeterUnits
{
    /// <summary>Smallest units in one credit.</summary>
    public const long PerCredit = 1_000;

    /// <summary>Smallest units in one US dollar.</summary>
    public const long PerDollar = 1_000_000_000;

    /// <summary>Smallest units in one US cent.</summary>
    public const long PerCent = PerDollar / 100;

    /// <summary>How often an account of the meter starts anew.</summary>
    /// <param name="meter">The meter.</param>
    public static PeriodRule PeriodOf(Meter meter) => meter switch
    {
        Meter.Credits or Meter.Tokens or Meter.KeyBudget or Meter.TeamBudget => PeriodRule.Month,
        Meter.Wallet => PeriodRule.Always,
        Meter.Conversations => PeriodRule.Day,
        Meter.RequestsPerMinute or Meter.TokensPerMinute => PeriodRule.Minute,
        _ => throw new ArgumentOutOfRangeException(nameof(meter), meter, null),
    };

    /// <summary>Whether accounts of the meter count money.</summary>
    /// <param name="meter">The meter.</param>
    public static bool IsMoney(Meter meter) => meter is Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget;

    /// <summary>What the ledger counts as whole US cents, rounded down.</summary>
    /// <param name="amount">Nano-USD, zero or more.</param>
    public static long ToCents(long amount) => amount / PerCent;

    /// <summary>Whole credits as the ledger counts them.</summary>
    /// <param name="credits">Whole credits, zero or more.</param>
    public static long FromCredits(long credits) => checked(credits * PerCredit);

    /// <summary>What the ledger counts as whole credits, rounded down.</summary>
    /// <param name="amount">Thousandths of a credit.</param>
    public static long ToCredits(long amount) => Math.DivRem(amount, PerCredit) is var (quotient, remainder) && remainder < 0
        ? quotient - 1
        : quotient;
}
