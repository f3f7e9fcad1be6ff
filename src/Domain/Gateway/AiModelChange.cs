namespace AiPlatform.Domain.Gateway;

/// <summary>What an administrator did to a model.</summary>
public enum ModelChangeKind
{
    /// <summary>Added it.</summary>
    Added,

    /// <summary>Changed it.</summary>
    Changed,

    /// <summary>Retired it.</summary>
    Retired,

    /// <summary>Offered it again.</summary>
    Restored,
}

/// <summary>One change of the catalogue by an administrator: what was before and after, who and when. Append-only.</summary>
public sealed class AiModelChange
{
    private AiModelChange()
    {
        AfterJson = string.Empty;
    }

    /// <summary>Notes a change.</summary>
    /// <param name="model">The model, as it is after the change.</param>
    /// <param name="kind">What was done.</param>
    /// <param name="before">The model before, as JSON; <see langword="null"/> where there was none.</param>
    /// <param name="after">The model after, as JSON.</param>
    /// <param name="actorId">The administrator.</param>
    /// <exception cref="ArgumentException">Only a model that was added was nothing before.</exception>
    public AiModelChange(AiModel model, ModelChangeKind kind, string? before, string after, Guid actorId)
    {
        if ((kind is ModelChangeKind.Added) != (before is null))
        {
            throw new ArgumentException("What was changed was something before.", nameof(before));
        }

        (ModelId, Version, ChangedAt) = (model.Id, model.Version, model.ModifiedAt);
        (Kind, BeforeJson, AfterJson, ActorId) = (kind, before, after, actorId);
    }

    /// <summary>The model.</summary>
    public Guid ModelId { get; private set; }

    /// <summary>The model's version after the change.</summary>
    public int Version { get; private set; }

    /// <summary>What was done.</summary>
    public ModelChangeKind Kind { get; private set; }

    /// <summary>The model before, as JSON; <see langword="null"/> where it was added.</summary>
    public string? BeforeJson { get; private set; }

    /// <summary>The model after, as JSON.</summary>
    public string AfterJson { get; private set; }

    /// <summary>The administrator.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset ChangedAt { get; private set; }
}
