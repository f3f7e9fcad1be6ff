using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>A request that names the owner of ledger accounts.</summary>
public interface INamesOwner
{
    /// <summary>A usable access token of the administrator.</summary>
    Supplied<string> Token { get; }

    /// <summary>What the owner is.</summary>
    Supplied<string> OwnerKind { get; }

    /// <summary>The owner, a UUID.</summary>
    Supplied<string> OwnerId { get; }
}

/// <summary>The owner of ledger accounts.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The owner.</param>
public readonly record struct LedgerOwner(OwnerKind Kind, Guid Id);

/// <summary>What can be wrong with what is said of accounts.</summary>
internal static class AccountErrors
{
    /// <summary>Longest text that an error repeats, in characters.</summary>
    private const int MaxRepeated = 100;

    /// <summary>The owner does not exist.</summary>
    /// <param name="owner">Its kind and id, as the client wrote them.</param>
    public static Error OwnerNotFound(string owner) =>
        new("owner_not_found", ErrorKind.NotFound, $"There is no {AuditText.Cut(owner, MaxRepeated)}");

    /// <summary>There is no such limit.</summary>
    public static readonly Error LimitNotFound = new("limit_not_found", ErrorKind.NotFound, "The owner has no limit on this meter");

    /// <summary>There is no such rule.</summary>
    public static readonly Error FundingNotFound = new("funding_not_found", ErrorKind.NotFound, "The owner has no funding rule");

    /// <summary>There is no such account.</summary>
    public static readonly Error AccountNotFound =
        new("account_not_found", ErrorKind.NotFound, "The owner has no account of this meter in this period");

    /// <summary>Somebody else changed the same at the same time.</summary>
    public static readonly Error ChangedMeanwhile =
        new("changed_meanwhile", ErrorKind.Conflict, "Somebody else changed this at the same time. Look at it and try again.");

    /// <summary>The account would hold more than any can.</summary>
    public static readonly Error TooMuch = new(
        "too_much", ErrorKind.Conflict, $"With this amount the account would exceed {LedgerAccount.MaxGranted}, the most that an account holds");
}

/// <summary>Finds owners.</summary>
internal sealed class LedgerOwners(IUserDirectory users, IOwnerDirectory owners)
{
    /// <summary>The owner that a valid request names.</summary>
    /// <exception cref="RefusedException">It does not exist.</exception>
    public async Task<LedgerOwner> GetAsync(Supplied<string> ownerKind, Supplied<string> ownerId, CancellationToken cancellationToken)
    {
        if (LedgerNames.OwnerKindOf(ownerKind) is { } kind && LedgerNames.IdOf(ownerId) is { } id && await ExistsAsync(kind, id, cancellationToken))
        {
            return new LedgerOwner(kind, id);
        }

        throw new RefusedException(AccountErrors.OwnerNotFound($"{ownerKind.Or(string.Empty)} with ID {ownerId.Or(string.Empty)}"));
    }

    private async Task<bool> ExistsAsync(OwnerKind kind, Guid id, CancellationToken cancellationToken) => kind switch
    {
        OwnerKind.User => await users.FindAsync(id.ToString("D"), cancellationToken) is not null,
        OwnerKind.ApiKey => await owners.FindKeyAsync(id, cancellationToken) is not null,
        _ => await owners.TeamExistsAsync(id, cancellationToken),
    };
}

/// <summary>The rules of requests that change what an owner has, in the order in which they are checked.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class OwnerRules<T> : OrderedValidator<T>
    where T : INamesOwner
{
    /// <summary>Longest id and longest word that are looked at, in characters.</summary>
    public const int MaxWordLength = 100;

    /// <summary>Requires a body, a token that confirms the caller, and an owner.</summary>
    protected void RequireOwner(ICallContext call, ITokenConfirmation confirmation, params (string Name, Func<T, ISupplied> Field)[] others)
    {
        RequireBody(call);
        Require(request => request.Token.IsGiven && request.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(request => request.Token.Value, confirmation);
        RequireFields([("owner_kind", request => request.OwnerKind), ("owner_id", request => request.OwnerId), .. others]);
        Require(
            request => LedgerNames.OwnerKindOf(request.OwnerKind) is not null,
            RequestErrors.Invalid($"owner_kind must be one of: {LedgerNames.AllOwnerKinds}"));
        RequireText("owner_id", request => request.OwnerId, MaxWordLength);
    }

    /// <summary>Requires one of some meters.</summary>
    protected void RequireMeter(Func<T, Supplied<string>> meter, IReadOnlyCollection<Meter> choices) => Require(
        request => LedgerNames.MeterOf(meter(request)) is { } named && choices.Contains(named),
        RequestErrors.Invalid($"meter must be one of: {LedgerNames.Of(choices)}"));

    /// <summary>Requires a whole number of a range.</summary>
    protected void RequireAmount(string name, Func<T, Supplied<long>> amount, long least, long most) => Require(
        request => amount(request).IsGiven && amount(request).Value >= least && amount(request).Value <= most,
        RequestErrors.Invalid($"{name} must be a whole number from {least} to {most}"));

    /// <summary>Requires a reason.</summary>
    protected void RequireReason(Func<T, Supplied<string>> reason) => Require(
        request => reason(request).IsGiven && reason(request).Value.Trim().Length is > 0 and <= LedgerEntry.MaxReasonLength
            && !reason(request).Value.Any(char.IsControl),
        RequestErrors.Invalid($"reason must be a text of 1 to {LedgerEntry.MaxReasonLength} characters"));
}
