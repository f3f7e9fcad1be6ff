using AiPlatform.Domain.Operations;
using AutoMapper;

namespace AiPlatform.Application.Operations;

/// <summary>A row of the endpoint catalogue, as an administrator sees it.</summary>
/// <remarks>A class: a record is generic in itself (<see cref="IEquatable{T}"/>), which AutoMapper 8 cannot look at on this runtime.</remarks>
public sealed class EndpointView
{
    /// <summary>The row.</summary>
    public Guid Id { get; init; }

    /// <summary>Display name.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Display path.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>What the route does; may be empty.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Whether the route is served.</summary>
    public bool Active { get; init; }

    /// <summary>Whole credits a call.</summary>
    public int Cost { get; init; }

    /// <summary>When the row was added, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the row last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; init; }
}

internal sealed class EndpointViewProfile : Profile
{
    public EndpointViewProfile()
    {
        CreateMap<Endpoint, EndpointView>();
    }
}
