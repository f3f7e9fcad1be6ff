namespace AiPlatform.Domain.Content;

/// <summary>Who may ask a document: everybody, or one account.</summary>
public sealed record CollectionName
{
    /// <summary>Longest stored form, in characters.</summary>
    public const int MaxLength = 36;

    private CollectionName(string value)
    {
        Value = value;
    }

    /// <summary>The collection that every caller may ask.</summary>
    public static CollectionName Shared { get; } = new("shared");

    /// <summary>The stored form: <c>shared</c>, or the id of the account.</summary>
    public string Value { get; }

    /// <summary>The collection that only one account may ask.</summary>
    /// <param name="userId">The account.</param>
    public static CollectionName Of(Guid userId) => new(userId.ToString("D"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
