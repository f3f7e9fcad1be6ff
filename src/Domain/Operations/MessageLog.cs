namespace AiPlatform.Domain.Operations;

/// <summary>A conversation that an integrator reported (seed 004); kept for <see cref="RetentionDays"/> days.</summary>
public sealed class MessageLog
{
    /// <summary>How long logs are kept, in days.</summary>
    public const int RetentionDays = 90;

    /// <summary>Longest name of a model, in characters.</summary>
    public const int MaxModelLength = 200;

    /// <summary>Longest user name and address, in characters.</summary>
    public const int MaxPersonLength = 255;

    private MessageLog()
    {
        Username = Email = Model = Messages = string.Empty;
    }

    /// <summary>Records a conversation.</summary>
    /// <param name="userId">Whose key reported it.</param>
    /// <param name="username">The person's handle, as it was.</param>
    /// <param name="email">The person's address, as it was.</param>
    /// <param name="model">The model.</param>
    /// <param name="messages">The messages as JSON, as they came.</param>
    /// <param name="now">The time.</param>
    public MessageLog(Guid userId, string username, string email, string model, string messages, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        (UserId, Username, Email, Model, Messages, Time) = (userId, username, email, model, messages, now);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whose key reported it.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The person's handle, as it was.</summary>
    public string Username { get; private set; }

    /// <summary>The person's address, as it was.</summary>
    public string Email { get; private set; }

    /// <summary>The model.</summary>
    public string Model { get; private set; }

    /// <summary>The messages as JSON, as they came: text of strangers, never shown as anything else.</summary>
    public string Messages { get; private set; }

    /// <summary>Whether the model was used for research.</summary>
    public bool ResearchModel { get; private set; }

    /// <summary>When it was reported, UTC.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>Notes that the model was used for research.</summary>
    public void MarkAsResearch() => ResearchModel = true;
}
