namespace AiPlatform.Domain.Operations;

/// <summary>How a list of endpoints is meant.</summary>
public enum EndpointAccessMode
{
    /// <summary>Every endpoint but those on the list.</summary>
    Deny = 0,

    /// <summary>No endpoint but those on the list.</summary>
    Allow = 1,
}

/// <summary>Which metered endpoints a user may call. Without a list every one is open.</summary>
public sealed class EndpointAccess
{
    /// <summary>Most endpoints of a list.</summary>
    public const int MaxEndpoints = 200;

    private EndpointAccess()
    {
        Endpoints = [];
    }

    /// <summary>Sets the list.</summary>
    /// <param name="userId">Whose it is.</param>
    /// <param name="mode">How it is meant.</param>
    /// <param name="endpoints">Rows of the endpoint catalogue.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    public EndpointAccess(Guid userId, EndpointAccessMode mode, IReadOnlyList<Guid> endpoints, Guid actorId, DateTimeOffset now)
        : this()
    {
        UserId = userId;
        ChangeTo(mode, endpoints, actorId, now);
    }

    /// <summary>Whose it is.</summary>
    public Guid UserId { get; private set; }

    /// <summary>How it is meant.</summary>
    public EndpointAccessMode Mode { get; private set; }

    /// <summary>Rows of the endpoint catalogue.</summary>
    public IReadOnlyList<Guid> Endpoints { get; private set; }

    /// <summary>The administrator who set it.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Changes the list.</summary>
    /// <param name="mode">How it is meant.</param>
    /// <param name="endpoints">Rows of the endpoint catalogue.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">There are too many.</exception>
    public void ChangeTo(EndpointAccessMode mode, IReadOnlyList<Guid> endpoints, Guid actorId, DateTimeOffset now)
    {
        var distinct = endpoints.Distinct().Order().ToList();
        if (distinct.Count > MaxEndpoints)
        {
            throw new ArgumentException($"A list has at most {MaxEndpoints} endpoints.", nameof(endpoints));
        }

        (Mode, Endpoints, ActorId, ModifiedAt) = (mode, distinct, actorId, now);
    }

    /// <summary>Whether the list leaves an endpoint open.</summary>
    /// <param name="endpointId">The endpoint.</param>
    public bool Opens(Guid endpointId) => Endpoints.Contains(endpointId) == (Mode is EndpointAccessMode.Allow);
}
