namespace AiPlatform.Application.Identity;

/// <summary>How long sessions and what belongs to them are good for, and what a newcomer may do.</summary>
public interface ISessionPolicy
{
    /// <summary>How long a session token is good for.</summary>
    TimeSpan AccessTokenLifetime { get; }

    /// <summary>How long a session goes on that is refreshed.</summary>
    TimeSpan RefreshTokenLifetime { get; }

    /// <summary>The tier of an account that a person opened for themselves.</summary>
    int NewcomerTier { get; }
}
