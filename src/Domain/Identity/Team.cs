namespace AiPlatform.Domain.Identity;

/// <summary>People who share a budget.</summary>
public sealed class Team
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    private Team()
    {
        Name = string.Empty;
    }

    /// <summary>Founds a team without members.</summary>
    /// <param name="name">Its name, unique without regard to case; 1 to <see cref="MaxNameLength"/> characters.</param>
    /// <param name="now">The time, which also orders the id (UUIDv7).</param>
    public Team(string name, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        Name = name.Trim();
        NormalisedName = NormaliseName(name);
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Its name as shown.</summary>
    public string Name { get; private set; }

    /// <summary>The name that is unique.</summary>
    public string NormalisedName { get; private set; } = string.Empty;

    /// <summary>When it was founded, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>One spelling a name.</summary>
    /// <param name="name">The name as typed.</param>
    public static string NormaliseName(string name) => name.Trim().ToUpperInvariant();
}
