using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Changes what the caller says of themselves; fields that are no part of this are passed over.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record ChangeOwnProfileCommand : IRequest
{
    /// <summary>Name as shown.</summary>
    /// <example>John Smith</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>About the person; cleaned of tags.</summary>
    /// <example>Updated about me</example>
    [MaxLength(PersonWriting.MaxLength)]
    public Supplied<string> AboutMe { get; init; }

    /// <summary>Hobbies; cleaned of tags.</summary>
    [MaxLength(PersonWriting.MaxLength)]
    public Supplied<string> Hobbies { get; init; }
}

internal sealed class ChangeOwnProfileValidator : PersonRules<ChangeOwnProfileCommand>
{
    public ChangeOwnProfileValidator()
    {
        RequireName(command => command.Name, optional: true);
        RequireWriting("about_me", command => command.AboutMe);
        RequireWriting("hobbies", command => command.Hobbies);
        Require(
            command => command.Name.IsGiven || command.AboutMe.IsGiven || command.Hobbies.IsGiven, PersonErrors.NothingToUpdate);
    }
}

internal sealed class ChangeOwnProfileHandler(IIdentityDb db, OwnCall own) : IRequestHandler<ChangeOwnProfileCommand, Unit>
{
    public async Task<Unit> Handle(ChangeOwnProfileCommand command, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleAsync(known => known.Id == own.Caller.UserId, cancellationToken);
        var profile = await db.GetProfileAsync(user.Id, cancellationToken);
        if (command.Name.IsGiven)
        {
            user.Rename(PersonWriting.Clean(command.Name.Value), own.Now);
        }

        profile.Describe(
            PersonWriting.Clean(command.AboutMe.Or(profile.About)), PersonWriting.Clean(command.Hobbies.Or(profile.Hobbies)));
        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        own.Forget();
        return Unit.Value;
    }
}
