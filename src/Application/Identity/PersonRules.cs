using System.Text.RegularExpressions;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>Rules of the surface of seed 004, in its words.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class PersonRules<T> : AccountRules<T>
{
    /// <summary>Refuses a field that carries no text.</summary>
    protected void RequireSomething(string name, Func<T, Supplied<string>> field) =>
        RequireField(name, field, text => text.Length > 0, "a string that is not empty");

    /// <summary>Refuses a handle that cannot be one.</summary>
    protected void RequireUsername(Func<T, Supplied<string>> field)
    {
        RequireValue("username", field, "a string");
        Require(
            request => field(request).Value.Length is >= User.MinHandleLength and <= User.MaxHandleLength,
            PersonErrors.Unprocessable("username", $"Username must be between {User.MinHandleLength} and {User.MaxHandleLength} characters"));
        Require(
            request => User.IsHandle(field(request).Value),
            PersonErrors.Unprocessable("username", "Username can only contain letters, numbers, and underscores"));
    }

    /// <summary>Refuses a password that is too short, too long, or has no digit.</summary>
    protected void RequireStrongPassword(string name, Func<T, Supplied<string>> field, bool optional = false)
    {
        RequireValue(name, field, "a string", optional);
        Require(
            request => !field(request).IsGiven || field(request).Value.Length >= MinPasswordLength,
            PersonErrors.Unprocessable(name, $"Password must be at least {MinPasswordLength} characters long"));
        Require(
            request => !field(request).IsGiven || field(request).Value.Length <= SignIns.MaxPasswordLength,
            PersonErrors.Unprocessable(name, $"Password must be at most {SignIns.MaxPasswordLength} characters long"));
        Require(
            request => !field(request).IsGiven || field(request).Value.Any(char.IsDigit),
            PersonErrors.Unprocessable(name, "Password must contain at least 1 number"));
    }

    /// <summary>Refuses a name of which nothing is left once it is cleaned.</summary>
    protected void RequireName(Func<T, Supplied<string>> field, bool optional = false) => RequireField(
        "name",
        field,
        text => PersonWriting.Clean(text).Length is >= 1 and <= User.MaxNameLength,
        $"a string of 1 to {User.MaxNameLength} characters",
        optional);

    /// <summary>Refuses a text about a person that is too long.</summary>
    protected void RequireWriting(string name, Func<T, Supplied<string>> field, int limit = PersonWriting.MaxLength) =>
        RequireField(name, field, text => text.Length <= limit, $"a string of at most {limit} characters", optional: true);

    /// <summary>Refuses a type of person that does not exist.</summary>
    protected void RequireType(Func<T, Supplied<string>> field) => RequireChoice("type", field, ["Personal", "Business"], optional: true);

    /// <summary>Refuses a label that shows nothing, or is too long.</summary>
    protected void RequireLabel(string name, Func<T, Supplied<string>> field) =>
        RequireLine(name, field, PersonProfile.MaxLabelLength, optional: true);
}

/// <summary>What the surface of seed 004 refuses.</summary>
public static class PersonErrors
{
    /// <summary>The request changes nothing that may be changed.</summary>
    public static readonly Error NothingToUpdate = new("nothing_to_update", ErrorKind.BadRequest, "No valid fields to update");

    /// <summary>The password as it is was given wrongly.</summary>
    public static readonly Error WrongPassword = new("wrong_password", ErrorKind.BadRequest, "Current password is incorrect");

    /// <summary>A field is wrong, in the words of the seed.</summary>
    /// <param name="field">The field's wire name.</param>
    /// <param name="message">The words.</param>
    public static Error Unprocessable(string field, string message) =>
        new("unprocessable", ErrorKind.Unprocessable, message) { Field = field };
}

/// <summary>Cleans what people write about themselves, so that a page that shows it as it is runs nothing.</summary>
internal static partial class PersonWriting
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 500;

    /// <summary>Trims, and drops tags, angle brackets and characters that control or hide text.</summary>
    public static string Clean(string text) => string.Concat(
        Tag().Replace(text, string.Empty)
            .Where(character => character is not ('<' or '>') && (character is '\n' or '\t' || !LineText.IsDeceptive(character))))
        .Trim();

    [GeneratedRegex("<[^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
