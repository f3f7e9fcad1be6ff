using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>Rules of the account surface (seed 002): who may ask comes first, then each field by its name with 422.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class AccountRules<T> : FieldRules<T>
{
    /// <summary>Fewest characters of a password.</summary>
    protected const int MinPasswordLength = 8;

    /// <summary>Refuses a caller who may not ask.</summary>
    protected void RequireCaller(Func<T, Caller, bool> may, Error refusal) => Require<CallRecord>(
        (request, record, _) => Task.FromResult(may(request, record.RequiredCaller)), _ => refusal, refusal);

    /// <summary>Refuses a field that carries no address.</summary>
    protected void RequireEmail(string name, Func<T, Supplied<string>> field, bool optional = false) =>
        RequireField(name, field, text => UserEmail.IsValid(text), "an e-mail address", optional);

    /// <summary>Refuses a field that carries no password that may be set.</summary>
    protected void RequirePassword(string name, Func<T, Supplied<string>> field, bool optional = false) => RequireField(
        name,
        field,
        text => text.Length is >= MinPasswordLength and <= SignIns.MaxPasswordLength,
        $"a string of {MinPasswordLength} to {SignIns.MaxPasswordLength} characters",
        optional);

    /// <summary>Refuses a field that carries no line of text.</summary>
    protected void RequireLine(string name, Func<T, Supplied<string>> field, int limit, bool optional = false) => RequireField(
        name, field, text => LineText.IsLine(text, limit), $"a string of 1 to {limit} characters without control characters", optional);

    /// <summary>Refuses a field that carries no id of the surface.</summary>
    protected void RequireId(string name, Func<T, Supplied<int>> field, bool optional = false) =>
        RequireField(name, field, id => id > 0, "a whole number above zero", optional);

    /// <summary>Refuses a page or a page's size out of range.</summary>
    protected void RequirePage(Func<T, Supplied<int>> page, Func<T, Supplied<int>> perPage)
    {
        Require(
            request => page(request).IsAbsentOr(number => number is >= 1 and <= AccountPage.MaxPage),
            RequestErrors.Unprocessable("page", $"a number from 1 to {AccountPage.MaxPage}"));
        Require(
            request => perPage(request).IsAbsentOr(size => size is >= 1 and <= AccountPage.MaxPerPage),
            RequestErrors.Unprocessable("per_page", $"a number from 1 to {AccountPage.MaxPerPage}"));
    }
}

/// <summary>What lists of the account surface have in common.</summary>
internal static class AccountPage
{
    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Most rows of a page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Rows of a page where nothing is said.</summary>
    public const int PerPage = 20;

    /// <summary>One page.</summary>
    public static IQueryable<T> Page<T>(this IQueryable<T> rows, Supplied<int> page, Supplied<int> perPage) =>
        rows.Skip((page.Or(1) - 1) * perPage.Or(PerPage)).Take(perPage.Or(PerPage));
}
