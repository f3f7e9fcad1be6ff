namespace AiPlatform.Domain.Identity;

/// <summary>The tiers of an account (seed 000 calls them scopes): 0 administers, 1 to 5 differ in their monthly grant.</summary>
public static class Tiers
{
    /// <summary>Every administrative right.</summary>
    public const int Administrator = 0;

    /// <summary>The tier of a user for whom none is named.</summary>
    public const int Developer = 1;

    /// <summary>The highest tier number.</summary>
    public const int Highest = 5;

    /// <summary>Whether <paramref name="tier"/> is one of 0 to 5.</summary>
    /// <param name="tier">The number to look at.</param>
    public static bool Exists(int tier) => tier is >= Administrator and <= Highest;
}
