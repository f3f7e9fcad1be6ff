namespace AiPlatform.Domain.Operations;

/// <summary>What was reported of one day's messages; one row a day.</summary>
public sealed class UsageReport
{
    private UsageReport()
    {
        ByModel = string.Empty;
    }

    /// <summary>Reports a day.</summary>
    /// <param name="day">The day, by the platform's calendar.</param>
    /// <param name="activeUsers">People who logged a message.</param>
    /// <param name="byModel">Logged messages by model, as a JSON object of numbers.</param>
    public UsageReport(DateOnly day, int activeUsers, string byModel)
    {
        (Day, ActiveUsers, ByModel) = (day, activeUsers, byModel);
    }

    /// <summary>The day, by the platform's calendar.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>People who logged a message.</summary>
    public int ActiveUsers { get; private set; }

    /// <summary>Logged messages by model, as a JSON object of numbers.</summary>
    public string ByModel { get; private set; }
}
