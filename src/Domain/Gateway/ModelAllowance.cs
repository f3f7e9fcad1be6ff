namespace AiPlatform.Domain.Gateway;

/// <summary>Whose calls a list of allowed models binds.</summary>
public enum AllowanceOwnerKind
{
    /// <summary>Every call of a user.</summary>
    User,

    /// <summary>Calls that are made with one API key, or with a token that was issued to it.</summary>
    ApiKey,
}

/// <summary>
/// The models that a user or an API key may ask. Without a list every model is allowed; where the key and its user have one
/// each, both bind.
/// </summary>
public sealed class ModelAllowance
{
    /// <summary>Most models of a list.</summary>
    public const int MaxModels = 200;

    private ModelAllowance()
    {
        Models = [];
    }

    /// <summary>Sets the list.</summary>
    /// <param name="ownerKind">Whose it is.</param>
    /// <param name="ownerId">The user or the key.</param>
    /// <param name="models">Public names of the models; none refuses every model.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">There are too many names, or one is none.</exception>
    public ModelAllowance(AllowanceOwnerKind ownerKind, Guid ownerId, IReadOnlyList<string> models, Guid actorId, DateTimeOffset now)
        : this()
    {
        (OwnerKind, OwnerId, CreatedAt) = (ownerKind, ownerId, now);
        ChangeTo(models, actorId, now);
    }

    /// <summary>Whose it is.</summary>
    public AllowanceOwnerKind OwnerKind { get; private set; }

    /// <summary>The user or the key.</summary>
    public Guid OwnerId { get; private set; }

    /// <summary>Public names of the models, in lower case and alphabetical order.</summary>
    public IReadOnlyList<string> Models { get; private set; }

    /// <summary>The administrator who set it.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When a list was set first, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Changes the list.</summary>
    /// <param name="models">Public names of the models; none refuses every model.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">There are too many names, or one is none.</exception>
    public void ChangeTo(IReadOnlyList<string> models, Guid actorId, DateTimeOffset now)
    {
        var names = models.Select(ModelName.Normalise).Distinct().Order(StringComparer.Ordinal).ToList();
        if (names.Count > MaxModels || !names.TrueForAll(ModelName.IsName))
        {
            throw new ArgumentException($"A list has at most {MaxModels} names of models.", nameof(models));
        }

        (Models, ActorId, ModifiedAt) = (names, actorId, now);
    }

    /// <summary>Whether a model is on the list.</summary>
    /// <param name="model">Its public name, in either case.</param>
    public bool Allows(string model) => Models.Contains(ModelName.Normalise(model));
}
