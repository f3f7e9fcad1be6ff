using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>What can be wrong with what is said of accounts.</summary>
internal static class AccountErrors
{
    /// <summary>There is no such limit.</summary>
    public static readonly Error LimitNotFound = new("limit_not_found", ErrorKind.NotFound, "The owner has no limit on this meter");

    /// <summary>There is no such rule.</summary>
    public static readonly Error FundingNotFound = new("funding_not_found", ErrorKind.NotFound, "The owner has no funding rule");

    /// <summary>There is no such account.</summary>
    public static readonly Error AccountNotFound =
        new("account_not_found", ErrorKind.NotFound, "The owner has no account of this meter in this period");

    /// <summary>The account would hold more than any can.</summary>
    public static readonly Error TooMuch = new(
        "too_much", ErrorKind.Conflict, $"With this amount the account would exceed {LedgerAccount.MaxGranted}, the most that an account holds");

    /// <summary>Longest text that an error repeats, in characters.</summary>
    private const int MaxRepeated = 100;

    /// <summary>The owner does not exist.</summary>
    /// <param name="owner">Its kind and id, as the client wrote them.</param>
    public static Error OwnerNotFound(string owner) =>
        new("owner_not_found", ErrorKind.NotFound, $"There is no {AuditText.Cut(owner, MaxRepeated)}");
}
