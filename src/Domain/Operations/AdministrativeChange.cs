namespace AiPlatform.Domain.Operations;

/// <summary>What became of a thing.</summary>
public enum ChangeAction
{
    /// <summary>It was made.</summary>
    Create = 0,

    /// <summary>It was changed.</summary>
    Update = 1,

    /// <summary>It was removed.</summary>
    Delete = 2,
}

/// <summary>
/// A change of something that decides who may do what: what it was before and what it is now, written in the transaction of the
/// change. One a thing and transaction, never changed.
/// </summary>
public sealed class AdministrativeChange
{
    /// <summary>Longest kind of a thing, in characters.</summary>
    public const int MaxKindLength = 50;

    /// <summary>Longest id of a thing, in characters.</summary>
    public const int MaxResourceIdLength = 100;

    /// <summary>Longest text of one column that is kept, in characters.</summary>
    public const int MaxTextLength = 300;

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The call that made the change, whose audit record has the rest; none where the platform made it by itself.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>Who made the change; none where the platform did, or somebody who had not signed in.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>What became of the thing.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary>What kind of thing it is, <c>snake_case</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The thing.</summary>
    public required string ResourceId { get; init; }

    /// <summary>What changed, as it was: a JSON object of columns; <see langword="null"/> for a new thing. Secrets are left out.</summary>
    public string? Before { get; init; }

    /// <summary>What changed, as it is: a JSON object of columns; <see langword="null"/> for a removed thing. Secrets are left out.</summary>
    public string? After { get; init; }

    /// <summary>The address that the change was made from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
