using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Changes a person as an administrator. Fields that are absent or null stay as they are.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "change users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.LastAdministrator), nameof(UserErrors.NotUpdated))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already taken by another user")]
public sealed record ChangePersonCommand : PersonChange, IRequest
{
    /// <summary>Name as shown.</summary>
    /// <example>John Smith</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>Credits, which nothing spends.</summary>
    public Supplied<PersonCredits> Credits { get; init; }

    /// <summary>A label of the level.</summary>
    /// <example>basic</example>
    [MaxLength(PersonProfile.MaxLabelLength)]
    public Supplied<string> Level { get; init; }

    /// <summary><c>Personal</c> or <c>Business</c>.</summary>
    /// <example>Business</example>
    public Supplied<string> Type { get; init; }

    /// <summary>Whether the account's credentials are accepted.</summary>
    public Supplied<bool> IsActive { get; init; }

    /// <summary>Labels of access, at most 20.</summary>
    public Supplied<IReadOnlyList<string>> AccessRtype { get; init; }

    /// <summary>Notes of administrators.</summary>
    [MaxLength(MaxNotesLength)]
    public Supplied<string> AdditionalNotes { get; init; }

    internal const int MaxNotesLength = 1000;

    [JsonIgnore]
    internal override bool ChangesSomething => base.ChangesSomething || Name.IsGiven || Level.IsGiven || Type.IsGiven || IsActive.IsGiven
        || AccessRtype.IsGiven || AdditionalNotes.IsGiven
        || (Credits.IsGiven && (Credits.Value.Main.IsGiven || Credits.Value.Reset.IsGiven));
}

/// <summary>A person's credits.</summary>
public sealed record PersonCredits
{
    /// <summary>What there are now.</summary>
    /// <example>5</example>
    [Range(0, ConversationLimits.Most)]
    public Supplied<int> Main { get; init; }

    /// <summary>What each day starts with.</summary>
    /// <example>5</example>
    [Range(0, ConversationLimits.Most)]
    public Supplied<int> Reset { get; init; }
}

internal sealed class ChangePersonValidator : PersonChangeRules<ChangePersonCommand>
{
    private const int MostAccessTypes = 20;

    public ChangePersonValidator()
    {
        RequireName(command => command.Name, optional: true);
        RequireSharedFields();
        RequireValue("credits", command => command.Credits, "an object", optional: true);
        RequireCount("credits.main", command => command.Credits.Or(new PersonCredits()).Main);
        RequireCount("credits.reset", command => command.Credits.Or(new PersonCredits()).Reset);
        RequireLabel("level", command => command.Level);
        RequireType(command => command.Type);
        RequireValue("is_active", command => command.IsActive, "true or false", optional: true);
        RequireField(
            "access_rtype",
            command => command.AccessRtype,
            AreAccessTypes,
            $"a list of at most {MostAccessTypes} labels without commas",
            optional: true);
        RequireWriting("additional_notes", command => command.AdditionalNotes, ChangePersonCommand.MaxNotesLength);
        RequireSomething();
    }

    private static bool AreAccessTypes(IReadOnlyList<string> labels) => labels.Count <= MostAccessTypes && labels.All(
        label => LineText.IsLine(label, PersonProfile.MaxLabelLength) && !label.Contains(',', StringComparison.Ordinal));
}

internal sealed class ChangePersonHandler(IIdentityDb db, PersonViews people, PersonChanges changes, OwnCall own)
    : IRequestHandler<ChangePersonCommand, Unit>
{
    public async Task<Unit> Handle(ChangePersonCommand command, CancellationToken cancellationToken)
    {
        PersonProfile profile;
        await using (var change = await db.LockAdministratorsAsync(cancellationToken))
        {
            var person = await people.GetAsync(command.Username, cancellationToken);
            profile = await changes.ApplyAsync(command, person, cancellationToken);
            Apply(command, person, profile);
            await db.GuardLastAdministratorAsync(person, cancellationToken);
            await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
            await change.CommitAsync(cancellationToken);
        }

        own.Forget();
        await changes.SetLeftTodayAsync(command, profile, cancellationToken);
        return Unit.Value;
    }

    private void Apply(ChangePersonCommand command, User person, PersonProfile profile)
    {
        if (command.Name.IsGiven)
        {
            person.Rename(PersonWriting.Clean(command.Name.Value), own.Now);
        }

        if (command.IsActive.IsGiven)
        {
            person.SetActive(command.IsActive.Value, own.Now);
        }

        profile.Label(
            command.Type.Or(profile.Type),
            profile.Plan,
            command.Level.Or(profile.Level),
            command.AccessRtype.IsGiven ? string.Join(',', command.AccessRtype.Value) : profile.AccessTypes);
        profile.Annotate(command.AdditionalNotes.IsGiven ? PersonWriting.Clean(command.AdditionalNotes.Value) : profile.Notes);
        var credits = command.Credits.Or(new PersonCredits());
        profile.SetCredits(credits.Main.Or(profile.Credits), credits.Reset.Or(profile.CreditsReset));
    }
}
