namespace AiPlatform.Domain.Metering;

/// <summary>What an account counts. Amounts are always in the meter's smallest unit.</summary>
public enum Meter
{
    /// <summary>Calls' credits, granted per tier and calendar month; thousandths of a credit.</summary>
    Credits = 0,
}

/// <summary>The units of the meters.</summary>
public static class MeterUnits
{
    /// <summary>Smallest units in one credit.</summary>
    public const long PerCredit = 1_000;

    /// <summary>Whole credits as the ledger counts them.</summary>
    /// <param name="credits">Whole credits, zero or more.</param>
    public static long FromCredits(long credits) => checked(credits * PerCredit);

    /// <summary>What the ledger counts as whole credits, rounded down.</summary>
    /// <param name="amount">Thousandths of a credit.</param>
    public static long ToCredits(long amount) => Math.DivRem(amount, PerCredit) is var (quotient, remainder) && remainder < 0
        ? quotient - 1
        : quotient;
}
