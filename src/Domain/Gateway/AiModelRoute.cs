namespace AiPlatform.Domain.Gateway;

/// <summary>What is said of a way to reach a model.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="UpstreamModel">What the provider calls the model; on Azure OpenAI, the deployment.</param>
public sealed record RouteTerms(string Provider, string UpstreamModel)
{
    /// <summary>Longest provider's name, in characters.</summary>
    public const int MaxProviderLength = 100;

    /// <summary>Longest upstream name, in characters.</summary>
    public const int MaxUpstreamLength = 200;

    /// <summary>Highest order.</summary>
    public const int MaxOrder = 100;

    /// <summary>Highest weight.</summary>
    public const int MaxWeight = 1000;

    /// <summary>Weight of a route that names none.</summary>
    public const int DefaultWeight = 100;

    /// <summary>0 to <see cref="MaxOrder"/>: routes of the lowest order are tried first, those of later orders where they fail.</summary>
    public int Order { get; init; }

    /// <summary>1 to <see cref="MaxWeight"/>: routes of one order share the calls by it.</summary>
    public int Weight { get; init; } = DefaultWeight;

    /// <summary>Whether calls may take it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Guards the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Guard()
    {
        if (!IsWord(Provider, MaxProviderLength) || !IsWord(UpstreamModel, MaxUpstreamLength)
            || Order is < 0 or > MaxOrder || Weight is < 1 or > MaxWeight)
        {
            throw new ArgumentException($"A route names a provider and a model, with an order of 0 to {MaxOrder} and a weight of 1 to {MaxWeight}.");
        }
    }

    private static bool IsWord(string text, int limit) => text.Trim().Length > 0 && text.Length <= limit && !text.Any(char.IsControl);
}

/// <summary>One way to reach a model.</summary>
public sealed class AiModelRoute
{
    private AiModelRoute()
    {
        Provider = UpstreamModel = string.Empty;
    }

    internal AiModelRoute(Guid modelId, RouteTerms terms, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        (ModelId, Provider, UpstreamModel) = (modelId, terms.Provider.Trim(), terms.UpstreamModel.Trim());
        Change(terms);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The model that it leads to.</summary>
    public Guid ModelId { get; private set; }

    /// <summary>Name of the provider.</summary>
    public string Provider { get; private set; }

    /// <summary>What the provider calls the model.</summary>
    public string UpstreamModel { get; private set; }

    /// <summary>Routes of the lowest order are tried first.</summary>
    public int RouteOrder { get; private set; }

    /// <summary>Routes of one order share the calls by it.</summary>
    public int Weight { get; private set; }

    /// <summary>Whether calls may take it.</summary>
    public bool Enabled { get; private set; }

    /// <summary>Whether it leads to a provider's model; letter case matters in the provider's own name of it alone.</summary>
    /// <param name="provider">Name of the provider.</param>
    /// <param name="upstreamModel">What the provider calls the model.</param>
    internal bool Leads(string provider, string upstreamModel) =>
        Provider.Equals(provider.Trim(), StringComparison.OrdinalIgnoreCase) && UpstreamModel == upstreamModel.Trim();

    /// <summary>Changes what is said of it.</summary>
    /// <param name="terms">The terms, of the same provider and upstream model.</param>
    internal void Change(RouteTerms terms) => (RouteOrder, Weight, Enabled) = (terms.Order, terms.Weight, terms.Enabled);
}
