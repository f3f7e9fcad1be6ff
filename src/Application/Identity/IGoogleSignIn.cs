namespace AiPlatform.Application.Identity;

/// <summary>
/// Signing in at Google: the authorization code flow of OpenID Connect Core 1.0 (section 3.1) with a proof key (RFC 7636).
/// </summary>
public interface IGoogleSignIn
{
    /// <summary>Begins a sign-in.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Domain.Shared.RefusedException">Google is not configured, or cannot be asked where it signs people in.</exception>
    Task<GoogleDeparture> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Finds out who came back.</summary>
    /// <param name="arrival">What the browser brings.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Domain.Shared.RefusedException">Somebody else began the sign-in, too long ago, or Google does not vouch for anybody.</exception>
    Task<GooglePerson> FinishAsync(GoogleArrival arrival, CancellationToken cancellationToken);
}

/// <summary>A sign-in that begins.</summary>
/// <param name="Address">Where the browser goes to.</param>
/// <param name="Ticket">What the browser keeps meanwhile; it can read nothing of it.</param>
/// <param name="Lifetime">How long the ticket is good for.</param>
public sealed record GoogleDeparture(Uri Address, string Ticket, TimeSpan Lifetime);

/// <summary>A browser that comes back.</summary>
/// <param name="Code">The authorization code.</param>
/// <param name="State">The state that Google was given.</param>
/// <param name="Ticket">What the browser kept; <see langword="null"/> where it kept nothing.</param>
public sealed record GoogleArrival(string Code, string State, string? Ticket);

/// <summary>A person as Google knows them.</summary>
/// <param name="Subject">Google's id of the person, which never changes.</param>
/// <param name="Email">The address.</param>
/// <param name="EmailVerified">Whether Google has seen that the address is the person's own.</param>
public sealed record GooglePerson(string Subject, string Email, bool EmailVerified)
{
    /// <summary>The name as shown.</summary>
    public string? Name { get; init; }

    /// <summary>The first name.</summary>
    public string? GivenName { get; init; }

    /// <summary>The last name.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Where a picture of the person is.</summary>
    public string? Picture { get; init; }
}
