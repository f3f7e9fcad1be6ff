using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>The account behind a call, as it was when the credential was resolved.</summary>
/// <param name="UserId">The account.</param>
/// <param name="UserName">Name as shown.</param>
/// <param name="Email">Normalised address.</param>
/// <param name="Tier">0 to 5.</param>
public sealed record Caller(Guid UserId, string UserName, string Email, int Tier)
{
    /// <summary>The API key that was presented.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The access token that was presented.</summary>
    public Guid? AccessTokenId { get; init; }

    /// <summary>The API key whose limits bind the call: the one that was presented, or the one that the presented token was issued to.</summary>
    public Guid? BindingKeyId { get; init; }

    /// <summary>The account's team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>What the account may do in its team.</summary>
    public TeamRole? TeamRole { get; init; }

    /// <summary>What the account may do for others.</summary>
    public StaffLevel? StaffLevel { get; init; }

    /// <summary>The session that was presented.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Whether the account administers the platform.</summary>
    public bool IsAdministrator => Tier == Tiers.Administrator;
}
