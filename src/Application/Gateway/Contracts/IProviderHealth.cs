namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Tells how providers are, from the calls that they were sent.</summary>
public interface IProviderHealth
{
    /// <summary>Every known provider by name: the configured ones and those that only lack a key. Asks nobody.</summary>
    IReadOnlyList<ProviderStatus> Report();
}

/// <summary>A provider and how it is.</summary>
/// <param name="Name">The name of its section in the configuration.</param>
/// <param name="Kind"><c>OpenAI</c>, <c>AzureOpenAI</c>, <c>Anthropic</c> or <c>Sandbox</c>.</param>
/// <param name="EndpointHost">The host that is called; none for the Sandbox and where none is configured.</param>
/// <param name="IsConfigured">Whether it can be called in this process.</param>
/// <param name="Health">How it is; none where it cannot be called, and for the Sandbox, which cannot fail.</param>
public sealed record ProviderStatus(string Name, string Kind, string? EndpointHost, bool IsConfigured, ProviderHealth? Health);

/// <summary>One word for how a provider is.</summary>
public enum ProviderState
{
    /// <summary>No call of the last five minutes tells.</summary>
    Idle,

    /// <summary>It answered every call.</summary>
    Healthy,

    /// <summary>It failed some calls, but answered more.</summary>
    Degraded,

    /// <summary>It failed at least half of the calls.</summary>
    Unhealthy,
}

/// <summary>
/// What this process's calls of the last five minutes show of a provider. A call counts once, when it ends, however often it was
/// repeated.
/// </summary>
/// <param name="State">One word for it.</param>
/// <param name="InFlight">Calls that have not ended, those that wait for their turn included.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="Abandoned">Calls that ended because their caller left.</param>
public sealed record ProviderHealth(ProviderState State, int InFlight, int Calls, int Abandoned)
{
    /// <summary>Calls that failed, by cause.</summary>
    public required ProviderFailures Failures { get; init; }

    /// <summary>When a call last succeeded, however long ago, UTC.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When a call last failed, however long ago, UTC.</summary>
    public DateTimeOffset? LastFailure { get; init; }

    /// <summary>Median time from a request to the first byte of its answer, to within a tenth; none without an answer.</summary>
    public TimeSpan? MedianFirstByte { get; init; }

    /// <summary>The circuits of the routes that were called.</summary>
    public IReadOnlyList<RouteCircuit> Circuits { get; init; } = [];
}

/// <summary>Calls that failed, by cause.</summary>
/// <param name="NotSent">The route's circuit was open, or the provider had as many calls as it may have at a time.</param>
/// <param name="Refused">No connection.</param>
/// <param name="TimedOut">No answer, or no more of it, in time.</param>
/// <param name="Broken">The connection or the answer broke off.</param>
/// <param name="Unauthorized">401 or 403: the provider does not accept its key.</param>
/// <param name="Throttled">429.</param>
/// <param name="ClientError">Any other status from 300 to 499 but 408: the request was wrong.</param>
/// <param name="ServerError">408, and 500 and above.</param>
public sealed record ProviderFailures(
    int NotSent, int Refused, int TimedOut, int Broken, int Unauthorized, int Throttled, int ClientError, int ServerError);

/// <summary>The circuit of a route.</summary>
/// <param name="UpstreamModel">The model as the provider names it.</param>
/// <param name="Position">Whether calls go through.</param>
public sealed record RouteCircuit(string UpstreamModel, CircuitPosition Position);

/// <summary>Whether calls of a route go through.</summary>
public enum CircuitPosition
{
    /// <summary>They do.</summary>
    Closed,

    /// <summary>The route failed too often; after a short while one call is let through to try it.</summary>
    Open,

    /// <summary>That one call is on its way.</summary>
    HalfOpen,
}
