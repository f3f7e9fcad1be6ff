using System.Text.Json.Serialization;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.WebApi.Shared;

namespace AiPlatform.WebApi.Identity;

/// <summary>An account.</summary>
/// <param name="Id" example="1">Its number.</param>
/// <param name="Email" example="user@example.com">The address.</param>
/// <param name="IsActive" example="true">Whether its credentials are accepted.</param>
/// <param name="IsAdmin" example="false">Whether it administers the platform.</param>
/// <param name="TeamId" example="1">The number of its team; <c>null</c> for none.</param>
/// <param name="Role" example="admin"><c>admin</c>, <c>key_creator</c> or <c>read_only</c>; <c>null</c> outside a team.</param>
public sealed record PersonReply(long Id, string Email, bool IsActive, bool IsAdmin, long? TeamId, string? Role)
{
    internal static PersonReply Of(AccountView account) => new(
        account.Number, account.Email, account.Active, account.IsAdmin, account.TeamNumber, RoleText.Of(account.Role));
}

/// <summary>A team.</summary>
/// <param name="Id" example="1">Its number.</param>
/// <param name="Name" example="My Team">Its name.</param>
/// <param name="AdminEmail" example="admin@example.com">The address of whoever administers it.</param>
/// <param name="Phone" example="+1234567890">Its telephone number.</param>
/// <param name="BillingAddress" example="123 Main St">Where its invoices go.</param>
/// <param name="IsActive" example="true">Whether it exists for its members.</param>
/// <param name="StripeCustomerId">The customer at Stripe; <c>null</c> where there is none.</param>
/// <param name="LastPayment">When it paid last; <c>null</c> where it never did.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was founded, UTC.</param>
public sealed record AccountTeamReply(
    long Id,
    string Name,
    string? AdminEmail,
    string? Phone,
    string? BillingAddress,
    bool IsActive,
    string? StripeCustomerId,
    string? LastPayment,
    string CreatedAt)
{
    internal static AccountTeamReply Of(TeamView team) => new(
        team.Number, team.Name, team.AdminEmail, team.Phone, team.BillingAddress, team.Active, null, null, UtcText.Of(team.CreatedAt));
}

/// <summary>What somebody who signed in is given.</summary>
/// <param name="AccessToken" example="eyJhbGciOiJIUzI1NiJ9.e30.signature">The session token; send it as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType" example="bearer">Always <c>bearer</c>.</param>
public sealed record SessionReply(string AccessToken, string TokenType)
{
    /// <summary>What <c>POST /auth/refresh</c> exchanges for a new pair, where the client signed in by <c>email</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    /// <summary>Seconds until the session token expires, where there is a refresh token.</summary>
    /// <example>1800</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpiresIn { get; init; }

    internal static SessionReply Of(OpenedSession session) => new(session.AccessToken, "bearer")
    {
        RefreshToken = session.RefreshToken,
        ExpiresIn = session.RefreshToken is null ? null : session.LifetimeSeconds,
    };
}

internal static class RoleText
{
    /// <summary>A role's wire name.</summary>
    public static string? Of(TeamRole? role) => role switch
    {
        null => null,
        TeamRole.Admin => "admin",
        TeamRole.KeyCreator => "key_creator",
        _ => "read_only",
    };
}
