using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Changes what the caller says of themselves. What is left out stays; <c>null</c> clears a field.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(UserErrors), nameof(UserErrors.HandleTaken), nameof(UserErrors.NotUpdated))]
[Rewords("handle_taken", ErrorKind.BadRequest, "Username already taken")]
public sealed record ChangeProfileCommand : IRequest<ProfileView>
{
    /// <summary>A name to sign in by besides the address: 3 to 30 letters, digits and underscores; unique.</summary>
    /// <example>ada_lovelace</example>
    [MinLength(User.MinHandleLength)]
    [MaxLength(User.MaxHandleLength)]
    public Supplied<string> Username { get; init; }

    /// <summary>The full name.</summary>
    /// <example>Ada Lovelace</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> FullName { get; init; }

    /// <summary>About the person.</summary>
    /// <example>Writes programs.</example>
    [MaxLength(PersonProfile.MaxTextLength)]
    public Supplied<string> Bio { get; init; }

    /// <summary>The person's site; <c>http</c> or <c>https</c>.</summary>
    /// <example>https://example.com</example>
    [MaxLength(PersonProfile.MaxUrlLength)]
    public Supplied<string> Website { get; init; }

    /// <summary>A picture of the person; <c>http</c> or <c>https</c>.</summary>
    /// <example>https://example.com/ada.png</example>
    [MaxLength(PersonProfile.MaxUrlLength)]
    public Supplied<string> ProfileImage { get; init; }
}

internal sealed class ChangeProfileValidator : FieldRules<ChangeProfileCommand>
{
    public ChangeProfileValidator()
    {
        Require(
            command => new[] { command.Username, command.FullName, command.Bio, command.Website, command.ProfileImage }.Any(field => field != default),
            RequestErrors.Unprocessable("body", "a JSON object with at least one of username, full_name, bio, website, profile_image"));
        RequireField("username", command => command.Username, User.IsHandle, "3 to 30 letters, digits and underscores", optional: true);
        RequireField(
            "full_name",
            command => command.FullName,
            text => IsLine(text, User.MaxNameLength),
            $"a string of at most {User.MaxNameLength} characters without control characters",
            optional: true);
        RequireField(
            "bio",
            command => command.Bio,
            text => text.Length <= PersonProfile.MaxTextLength,
            $"a string of at most {PersonProfile.MaxTextLength} characters",
            optional: true);
        RequireLink("website", command => command.Website);
        RequireLink("profile_image", command => command.ProfileImage);
    }

    private void RequireLink(string name, Func<ChangeProfileCommand, Supplied<string>> field) => RequireField(
        name, field, IsLink, $"an http or https address of at most {PersonProfile.MaxUrlLength} characters", optional: true);

    private static bool IsLine(string text, int limit) => text.Length <= limit && !text.Any(LineText.IsDeceptive);

    // An address that a browser would run as a script is none.
    private static bool IsLink(string text) =>
        IsLine(text, PersonProfile.MaxUrlLength)
        && (text.Length == 0
            || (Uri.TryCreate(text, UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps)));
}

internal sealed class ChangeProfileHandler(IOwnProfiles profiles, CallRecord record, TokenAccounts tokens)
    : IRequestHandler<ChangeProfileCommand, ProfileView>
{
    public async Task<ProfileView> Handle(ChangeProfileCommand command, CancellationToken cancellationToken)
    {
        var change = new ProfileChange
        {
            Username = command.Username,
            FullName = command.FullName,
            Bio = command.Bio,
            Website = command.Website,
            ProfileImage = command.ProfileImage,
        };
        return new ProfileView(
            await profiles.ChangeAsync(record.RequiredCaller.UserId, change, cancellationToken),
            await tokens.StandingAsync(record.RequiredCaller, cancellationToken));
    }
}
