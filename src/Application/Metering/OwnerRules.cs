using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>The rules of requests that change what an owner has, in the order in which they are checked.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class OwnerRules<T> : OrderedValidator<T>
    where T : INamesOwner
{
    /// <summary>Longest id and longest word that are looked at, in characters.</summary>
    public const int MaxWordLength = 100;

    /// <summary>Requires a body, a token that confirms the caller, and an owner.</summary>
    protected void RequireOwner(params (string Name, Func<T, ISupplied> Field)[] others)
    {
        RequireBody();
        Require(request => request.Token.IsGiven && request.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(request => request.Token.Value);
        RequireFields([("owner_kind", request => request.OwnerKind), ("owner_id", request => request.OwnerId), .. others]);
        Require(
            request => LedgerNames.OwnerKindOf(request.OwnerKind) is not null,
            RequestErrors.Invalid($"owner_kind must be one of: {LedgerNames.All<OwnerKind>()}"));
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
