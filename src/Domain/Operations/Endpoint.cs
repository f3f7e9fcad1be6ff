namespace AiPlatform.Domain.Operations;

/// <summary>A row of the endpoint catalogue: what a call of one route costs, and whether it is served.</summary>
public sealed class Endpoint
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest path, in characters.</summary>
    public const int MaxPathLength = 450;

    /// <summary>Longest description, in characters.</summary>
    public const int MaxDescriptionLength = 4000;

    /// <summary>Highest cost of one call, in whole credits.</summary>
    public const int MaxCost = 1_000_000;

    private readonly List<EndpointPrice> _prices = [];

    private Endpoint()
    {
        Name = Path = Description = string.Empty;
    }

    /// <summary>Adds a route to the catalogue.</summary>
    /// <param name="name">Display name.</param>
    /// <param name="path">Display path; a leading slash is added where it lacks.</param>
    /// <param name="description">What it does; may be empty.</param>
    /// <param name="cost">Whole credits a call, 1 to <see cref="MaxCost"/>.</param>
    /// <param name="now">The time of creation.</param>
    public Endpoint(string name, string path, string description, int cost, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        Name = name;
        Path = NormalisePath(path);
        Description = description;
        Active = true;
        CreatedAt = ModifiedAt = now;
        SetPrice(cost, now);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Display name.</summary>
    public string Name { get; private set; }

    /// <summary>Display path, unique; renaming it does not change what is metered.</summary>
    public string Path { get; private set; }

    /// <summary>The route that the row prices, where it prices one; unique.</summary>
    public string? RouteKey { get; private set; }

    /// <summary>What the route does.</summary>
    public string Description { get; private set; }

    /// <summary>Whether the route is served.</summary>
    public bool Active { get; private set; }

    /// <summary>Whole credits that a call costs now.</summary>
    public int Cost { get; private set; }

    /// <summary>The id of the price in force, which every charge records.</summary>
    public Guid PriceVersionId { get; private set; }

    /// <summary>When the row was added, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the row last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Every price that the route had, oldest first.</summary>
    public IReadOnlyList<EndpointPrice> Prices => _prices;

    /// <summary>A path as the catalogue keeps it: trimmed, with a leading slash.</summary>
    /// <param name="path">The path as typed.</param>
    public static string NormalisePath(string path)
    {
        var trimmed = path.Trim();
        return trimmed.StartsWith('/') ? trimmed : "/" + trimmed;
    }

    /// <summary>Makes the row price a route.</summary>
    /// <param name="routeKey">The route's key.</param>
    public void BindTo(string routeKey) => RouteKey = routeKey;

    /// <summary>Changes the display name.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="now">The time of the change.</param>
    public void Rename(string name, DateTimeOffset now) => (Name, ModifiedAt) = (name, now);

    /// <summary>Changes the display path.</summary>
    /// <param name="path">The new path.</param>
    /// <param name="now">The time of the change.</param>
    public void Move(string path, DateTimeOffset now) => (Path, ModifiedAt) = (NormalisePath(path), now);

    /// <summary>Changes the description.</summary>
    /// <param name="description">The new description.</param>
    /// <param name="now">The time of the change.</param>
    public void Describe(string description, DateTimeOffset now) => (Description, ModifiedAt) = (description, now);

    /// <summary>Serves the route, or stops serving it.</summary>
    /// <param name="active">Whether it is served.</param>
    /// <param name="now">The time of the change.</param>
    public void Serve(bool active, DateTimeOffset now) => (Active, ModifiedAt) = (active, now);

    /// <summary>
    /// Sets the price from now on; earlier charges keep the version that they were made under. The price in force makes no new
    /// version.
    /// </summary>
    /// <param name="cost">Whole credits a call, 1 to <see cref="MaxCost"/>.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is out of range.</exception>
    public void SetPrice(int cost, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, MaxCost);
        if (cost == Cost)
        {
            return;
        }

        var price = new EndpointPrice(Id, cost, now);
        _prices.Add(price);
        (Cost, PriceVersionId, ModifiedAt) = (cost, price.Id, now);
    }
}

/// <summary>One price of an endpoint, in force from an instant on.</summary>
public sealed class EndpointPrice
{
    private EndpointPrice()
    {
    }

    internal EndpointPrice(Guid endpointId, int cost, DateTimeOffset effectiveFrom)
    {
        Id = Guid.CreateVersion7(effectiveFrom);
        EndpointId = endpointId;
        Cost = cost;
        EffectiveFrom = effectiveFrom;
    }

    /// <summary>UUIDv7; the price version that charges record.</summary>
    public Guid Id { get; private set; }

    /// <summary>The endpoint that it prices.</summary>
    public Guid EndpointId { get; private set; }

    /// <summary>Whole credits a call.</summary>
    public int Cost { get; private set; }

    /// <summary>The first instant at which it applies, UTC.</summary>
    public DateTimeOffset EffectiveFrom { get; private set; }
}
