using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity;

/// <summary>What administrators and the staff may change of a person.</summary>
public abstract record PersonChange
{
    /// <summary>The handle, or the address, of the person; from the path.</summary>
    [JsonIgnore]
    public string Username { get; init; } = string.Empty;

    /// <summary>New address; unique.</summary>
    /// <example>john.smith@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>A label of the plan.</summary>
    /// <example>premium</example>
    [MaxLength(PersonProfile.MaxLabelLength)]
    public Supplied<string> SubscriptionPlan { get; init; }

    /// <summary>Conversations.</summary>
    public Supplied<ConversationLimits> Limits { get; init; }

    [JsonIgnore]
    internal virtual bool ChangesSomething => Email.IsGiven || SubscriptionPlan.IsGiven
        || (Limits.IsGiven && (Limits.Value.ConversationLimit.IsGiven || Limits.Value.Reset.IsGiven));
}

/// <summary>A person's conversations.</summary>
public sealed record ConversationLimits
{
    /// <summary>Most conversations that can be set.</summary>
    public const int Most = 1_000_000;

    /// <summary>What is left today.</summary>
    /// <example>100</example>
    [Range(0, Most)]
    public Supplied<int> ConversationLimit { get; init; }

    /// <summary>What each day starts with, from the next on.</summary>
    /// <example>100</example>
    [Range(0, Most)]
    public Supplied<int> Reset { get; init; }
}

internal abstract class PersonChangeRules<T> : PersonRules<T>
    where T : PersonChange
{
    /// <summary>The rules of the fields that all changes have.</summary>
    protected void RequireSharedFields()
    {
        RequireEmail("email", command => command.Email, optional: true);
        RequireLabel("subscription_plan", command => command.SubscriptionPlan);
        RequireValue("limits", command => command.Limits, "an object", optional: true);
        RequireCount("limits.conversation_limit", command => command.Limits.Or(new ConversationLimits()).ConversationLimit);
        RequireCount("limits.reset", command => command.Limits.Or(new ConversationLimits()).Reset);
    }

    /// <summary>Refuses a number below zero, or a very large one.</summary>
    protected void RequireCount(string name, Func<T, Supplied<int>> field) =>
        RequireWhole(name, field, 0, ConversationLimits.Most, optional: true);

    /// <summary>Refuses a change of nothing.</summary>
    protected void RequireSomething() => Require(command => command.ChangesSomething, PersonErrors.NothingToUpdate);
}

/// <summary>Applies what administrators and the staff change alike.</summary>
internal sealed class PersonChanges(IIdentityDb db, IConversationAccounts conversations, OwnCall own)
{
    /// <summary>Applies a change to the account and its profile; the caller saves.</summary>
    public async Task<PersonProfile> ApplyAsync(PersonChange change, User person, CancellationToken cancellationToken)
    {
        var profile = await db.GetProfileAsync(person.Id, cancellationToken);
        if (change.Email.IsGiven)
        {
            person.ChangeEmail(change.Email.Value, own.Now);
            await db.GuardUniqueEmailAsync(person, cancellationToken);
        }

        profile.Label(profile.Type, change.SubscriptionPlan.Or(profile.Plan), profile.Level, profile.AccessTypes);
        if (change.Limits.IsGiven && change.Limits.Value.Reset.IsGiven)
        {
            profile.SetDailyConversations(change.Limits.Value.Reset.Value);
        }

        return profile;
    }

    /// <summary>Sets what is left today, once the change is committed: the ledger has a transaction of its own.</summary>
    public async Task SetLeftTodayAsync(PersonChange change, PersonProfile profile, CancellationToken cancellationToken)
    {
        if (change.Limits.IsGiven && change.Limits.Value.ConversationLimit.IsGiven)
        {
            await conversations.SetLeftTodayAsync(
                profile.UserId, profile.ConversationsADay, change.Limits.Value.ConversationLimit.Value, cancellationToken);
        }
    }
}
