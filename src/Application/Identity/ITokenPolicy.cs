namespace AiPlatform.Application.Identity;

/// <summary>What an operator decides about access tokens.</summary>
public interface ITokenPolicy
{
    /// <summary>Whether refreshing a token revokes it; otherwise it stays good until its own expiry.</summary>
    bool RevokeOnRefresh { get; }
}
