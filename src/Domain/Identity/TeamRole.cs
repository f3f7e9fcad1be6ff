namespace AiPlatform.Domain.Identity;

/// <summary>What a member may do in a team (seed 002).</summary>
public enum TeamRole
{
    /// <summary>Looks.</summary>
    ReadOnly = 0,

    /// <summary>Makes keys for themselves.</summary>
    KeyCreator = 1,

    /// <summary>Administers the team and its members.</summary>
    Admin = 2,
}

/// <summary>What a member of the staff may do for others (seed 004).</summary>
public enum StaffLevel
{
    /// <summary>Looks, but not at notes.</summary>
    New = 0,

    /// <summary>Changes addresses, passwords, limits and plans.</summary>
    Support = 1,

    /// <summary>Deletes accounts as well.</summary>
    Advanced = 2,
}
