using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>What a person says of themselves.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Email">The address.</param>
/// <param name="Username">The name to sign in by besides the address, or else what stands before the @ of the address.</param>
/// <param name="FullName">The name as shown, where the person gave one.</param>
/// <param name="Bio">About the person.</param>
/// <param name="Website">The person's site.</param>
/// <param name="ProfileImage">A picture of the person.</param>
/// <param name="IsAdministrator">Whether the account administers the platform.</param>
/// <param name="Active">Whether its credentials are accepted.</param>
/// <param name="CreatedAt">When the account was opened, UTC.</param>
/// <param name="LastSignInAt">When the person last signed in, UTC.</param>
public sealed record OwnProfile(
    Guid UserId,
    string Email,
    string Username,
    string? FullName,
    string? Bio,
    string? Website,
    string? ProfileImage,
    bool IsAdministrator,
    bool Active,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt);

/// <summary>What a person changes of it; what is left out stays, and <c>null</c> clears a field.</summary>
public sealed record ProfileChange
{
    /// <summary>The name to sign in by.</summary>
    public Supplied<string> Username { get; init; }

    /// <summary>The full name.</summary>
    public Supplied<string> FullName { get; init; }

    /// <summary>About the person.</summary>
    public Supplied<string> Bio { get; init; }

    /// <summary>The person's site.</summary>
    public Supplied<string> Website { get; init; }

    /// <summary>A picture of the person.</summary>
    public Supplied<string> ProfileImage { get; init; }
}

/// <summary>Shows and changes what people say of themselves.</summary>
public interface IOwnProfiles
{
    /// <summary>The profile of a person.</summary>
    /// <param name="userId">The person, whose account exists.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<OwnProfile> GetAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Changes it.</summary>
    /// <param name="userId">The person, whose account exists.</param>
    /// <param name="change">What changes; validated.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="Domain.Shared.RefusedException">Another account has the name to sign in by.</exception>
    Task<OwnProfile> ChangeAsync(Guid userId, ProfileChange change, CancellationToken cancellationToken);
}
