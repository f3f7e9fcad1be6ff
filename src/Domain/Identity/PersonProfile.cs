namespace AiPlatform.Domain.Identity;

/// <summary>What a person says of themselves, and what an administrator notes of them; nothing of it decides anything.</summary>
public sealed class PersonProfile
{
    /// <summary>Longest text about a person, in characters.</summary>
    public const int MaxTextLength = 2000;

    /// <summary>Longest address on the web, in characters.</summary>
    public const int MaxUrlLength = 500;

    /// <summary>Longest label (type, level, plan), in characters.</summary>
    public const int MaxLabelLength = 50;

    /// <summary>Conversations a day where an administrator set no other number.</summary>
    public const int UsualConversations = 10;

    private PersonProfile()
    {
        About = Hobbies = Type = Plan = Level = AccessTypes = Notes = string.Empty;
    }

    /// <summary>An empty profile.</summary>
    /// <param name="userId">Whose.</param>
    public PersonProfile(Guid userId)
        : this()
    {
        UserId = userId;
        (Type, Plan, Level, AccessTypes) = ("Personal", "free", "basic", "bpe,tot");
        Credits = CreditsReset = 5;
    }

    /// <summary>Whose profile it is.</summary>
    public Guid UserId { get; private set; }

    /// <summary>About the person.</summary>
    public string About { get; private set; }

    /// <summary>Hobbies.</summary>
    public string Hobbies { get; private set; }

    /// <summary>The person's site.</summary>
    public string? Website { get; private set; }

    /// <summary>A picture of the person.</summary>
    public string? ImageUrl { get; private set; }

    /// <summary><c>Personal</c> or <c>Business</c>.</summary>
    public string Type { get; private set; }

    /// <summary>A label of the plan (seed 004), free text.</summary>
    public string Plan { get; private set; }

    /// <summary>A label of the level (seed 004), free text.</summary>
    public string Level { get; private set; }

    /// <summary>Labels of access (seed 004), separated by commas.</summary>
    public string AccessTypes { get; private set; }

    /// <summary>Notes of administrators.</summary>
    public string Notes { get; private set; }

    /// <summary>Credits of seed 004, which nothing spends; whole.</summary>
    public int Credits { get; private set; }

    /// <summary>What <see cref="Credits"/> become each day; whole.</summary>
    public int CreditsReset { get; private set; }

    /// <summary>Conversations a day, where an administrator set another number than the platform's.</summary>
    public int? DailyConversations { get; private set; }

    /// <summary>Conversations that a day starts with.</summary>
    public int ConversationsADay => DailyConversations ?? UsualConversations;

    /// <summary>Sets what the person says of themselves.</summary>
    public void Describe(string about, string hobbies) => (About, Hobbies) = (about, hobbies);

    /// <summary>Sets where the person is on the web.</summary>
    public void LinkTo(string? website, string? imageUrl) => (Website, ImageUrl) = (website, imageUrl);

    /// <summary>Sets the labels.</summary>
    public void Label(string type, string plan, string level, string accessTypes) =>
        (Type, Plan, Level, AccessTypes) = (type, plan, level, accessTypes);

    /// <summary>Sets the notes.</summary>
    public void Annotate(string notes) => Notes = notes;

    /// <summary>Sets the credits of seed 004.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is less than zero.</exception>
    public void SetCredits(int credits, int reset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(credits);
        ArgumentOutOfRangeException.ThrowIfNegative(reset);
        (Credits, CreditsReset) = (credits, reset);
    }

    /// <summary>Sets the conversations a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than zero.</exception>
    public void SetDailyConversations(int conversations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(conversations);
        DailyConversations = conversations;
    }
}
