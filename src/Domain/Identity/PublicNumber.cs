namespace AiPlatform.Domain.Identity;

/// <summary>The number of an account on surfaces whose ids are integers (seeds 002 and 004); the database counts.</summary>
public sealed class UserNumber
{
    private UserNumber()
    {
    }

    /// <summary>Asks for the next number.</summary>
    /// <param name="userId">The account.</param>
    internal UserNumber(Guid userId) => UserId = userId;

    /// <summary>From 1, in the order in which accounts were opened.</summary>
    public long Number { get; private set; }

    /// <summary>The account.</summary>
    public Guid UserId { get; private set; }
}

/// <summary>The number of a team on surfaces whose ids are integers (seed 002); the database counts.</summary>
public sealed class TeamNumber
{
    private TeamNumber()
    {
    }

    /// <summary>Asks for the next number.</summary>
    /// <param name="teamId">The team.</param>
    internal TeamNumber(Guid teamId) => TeamId = teamId;

    /// <summary>From 1, in the order in which teams were founded.</summary>
    public long Number { get; private set; }

    /// <summary>The team.</summary>
    public Guid TeamId { get; private set; }
}
