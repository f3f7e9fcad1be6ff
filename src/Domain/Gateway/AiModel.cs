namespace AiPlatform.Domain.Gateway;

/// <summary>
/// A model that the platform offers. Its public name never changes, because prices, limits and the usage of the past are kept
/// by it; a model that is no longer offered is retired and stays listed.
/// </summary>
public sealed class AiModel
{
    /// <summary>Longest public name and longest alias, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Most aliases of a model.</summary>
    public const int MaxAliases = 20;

    /// <summary>Most routes of a model.</summary>
    public const int MaxRoutes = 20;

    private readonly List<ModelName> _names = [];

    private readonly List<AiModelRoute> _routes = [];

    private AiModel()
    {
        Name = Family = OutputLimitField = string.Empty;
        Capabilities = [];
    }

    /// <summary>Offers a model.</summary>
    /// <param name="name">Its public name, unique without regard to case over the names and aliases of all models.</param>
    /// <param name="aliases">Other names that find it; unique as its name is.</param>
    /// <param name="traits">What is said of it.</param>
    /// <param name="routes">The ways to reach it; none where only a provider's own settings name it.</param>
    /// <param name="now">The time of creation, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentException">A name, a trait or a route is out of range, or there are two of one.</exception>
    public AiModel(string name, IReadOnlyList<string> aliases, ModelTraits traits, IReadOnlyList<RouteTerms> routes, DateTimeOffset now)
        : this()
    {
        if (!ModelName.IsName(name))
        {
            throw new ArgumentException("A model's name has letters, digits, and . _ - : / @ only.", nameof(name));
        }

        Id = Guid.CreateVersion7(now);
        (Name, CreatedAt) = (name, now);
        _names.Add(new ModelName(Id, name, isAlias: false));
        Change(aliases, traits, routes, now);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Public name, as typed.</summary>
    public string Name { get; private set; }

    /// <summary>Models that are asked in the same way share one.</summary>
    public string Family { get; private set; }

    /// <summary>What it can be asked to do.</summary>
    public IReadOnlyList<ModelCapability> Capabilities { get; private set; }

    /// <summary>Most tokens of a prompt and its answer together; <see langword="null"/> where it is not known.</summary>
    public int? ContextWindow { get; private set; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxAnswerTokens { get; private set; }

    /// <summary>The field that limits the answer's length.</summary>
    public string OutputLimitField { get; private set; }

    /// <summary>How good its answers are, 0 to 100; <see langword="null"/> where nobody measured.</summary>
    public double? QualityIndex { get; private set; }

    /// <summary>Tokens of the answer a second, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianTokensPerSecond { get; private set; }

    /// <summary>Seconds to the first chunk, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianFirstChunkSeconds { get; private set; }

    /// <summary>When it was retired, UTC; <see langword="null"/> while it is offered.</summary>
    public DateTimeOffset? RetiredAt { get; private set; }

    /// <summary>When it was added, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Counts its changes from 1, so that of two changes at once one is refused.</summary>
    public int Version { get; private set; }

    /// <summary>Its public name and its aliases, as they are looked up.</summary>
    public IReadOnlyList<ModelName> Names => _names;

    /// <summary>Its other names, in alphabetical order.</summary>
    public IEnumerable<string> Aliases => _names.Where(name => name.IsAlias).Select(name => name.Name).Order(StringComparer.Ordinal);

    /// <summary>The ways to reach it.</summary>
    public IReadOnlyList<AiModelRoute> Routes => _routes;

    /// <summary>Whether it is offered.</summary>
    public bool IsOffered => RetiredAt is null;

    /// <summary>Changes everything but the public name.</summary>
    /// <param name="aliases">The other names that find it from now on.</param>
    /// <param name="traits">What is said of it from now on.</param>
    /// <param name="routes">The ways to reach it from now on.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentException">A name, a trait or a route is out of range, or there are two of one.</exception>
    public void Change(IReadOnlyList<string> aliases, ModelTraits traits, IReadOnlyList<RouteTerms> routes, DateTimeOffset now)
    {
        traits.Guard();
        GuardAliases(aliases);
        GuardRoutes(routes);
        Describe(traits);
        SetAliases([.. aliases.Select(ModelName.Normalise)]);
        SetRoutes(routes, now);
        Touch(now);
    }

    /// <summary>Adds a way to reach it behind the others.</summary>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="upstreamModel">What the provider calls the model.</param>
    /// <param name="now">The time of the change.</param>
    /// <returns>Whether it was added; one that is there already, or more than a model has, is not.</returns>
    public bool AddFallback(string provider, string upstreamModel, DateTimeOffset now)
    {
        if (_routes.Count >= MaxRoutes || _routes.Exists(route => route.Leads(provider, upstreamModel)))
        {
            return false;
        }

        var order = _routes.Select(route => route.RouteOrder + 1).DefaultIfEmpty(0).Max();
        _routes.Add(new AiModelRoute(Id, new RouteTerms(provider, upstreamModel) { Order = Math.Min(order, RouteTerms.MaxOrder) }, now));
        Touch(now);
        return true;
    }

    /// <summary>No longer offers it; it stays listed.</summary>
    /// <param name="now">The time of the change.</param>
    public void Retire(DateTimeOffset now)
    {
        RetiredAt ??= now;
        Touch(now);
    }

    /// <summary>Offers it again.</summary>
    /// <param name="now">The time of the change.</param>
    public void Restore(DateTimeOffset now)
    {
        RetiredAt = null;
        Touch(now);
    }

    private static void GuardRoutes(IReadOnlyList<RouteTerms> routes)
    {
        foreach (var route in routes)
        {
            route.Guard();
        }

        var distinct = routes.DistinctBy(route => (route.Provider.ToUpperInvariant(), route.UpstreamModel)).Count();
        if (routes.Count > MaxRoutes || distinct != routes.Count)
        {
            throw new ArgumentException($"A model has at most {MaxRoutes} routes, each once.", nameof(routes));
        }
    }

    private void GuardAliases(IReadOnlyList<string> aliases)
    {
        var names = aliases.Select(ModelName.Normalise).Append(ModelName.Normalise(Name)).ToList();
        if (aliases.Count > MaxAliases || !names.TrueForAll(ModelName.IsName) || names.Distinct().Count() != names.Count)
        {
            throw new ArgumentException($"A model has at most {MaxAliases} aliases, each once and none its name.", nameof(aliases));
        }
    }

    private void Describe(ModelTraits traits)
    {
        (Family, Capabilities) = (traits.Family.Trim(), [.. traits.Capabilities]);
        (ContextWindow, MaxAnswerTokens, OutputLimitField) = (traits.ContextWindow, traits.MaxAnswerTokens, traits.OutputLimitField);
        (QualityIndex, MedianTokensPerSecond, MedianFirstChunkSeconds) =
            (traits.QualityIndex, traits.MedianTokensPerSecond, traits.MedianFirstChunkSeconds);
    }

    private void SetAliases(List<string> aliases)
    {
        _names.RemoveAll(name => name.IsAlias && !aliases.Contains(name.Name));
        _names.AddRange(aliases.Where(alias => !_names.Exists(name => name.Name == alias)).Select(alias => new ModelName(Id, alias, isAlias: true)));
    }

    private void SetRoutes(IReadOnlyList<RouteTerms> routes, DateTimeOffset now)
    {
        _routes.RemoveAll(route => !routes.Any(terms => route.Leads(terms.Provider, terms.UpstreamModel)));
        foreach (var terms in routes)
        {
            if (_routes.Find(route => route.Leads(terms.Provider, terms.UpstreamModel)) is { } known)
            {
                known.Change(terms);
            }
            else
            {
                _routes.Add(new AiModelRoute(Id, terms, now));
            }
        }
    }

    private void Touch(DateTimeOffset now)
    {
        ModifiedAt = now;
        Version++;
    }
}
