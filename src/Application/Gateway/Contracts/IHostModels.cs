namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>What a host says of its models.</summary>
/// <param name="Provider">The host's name in the configuration.</param>
/// <param name="State">How it answered.</param>
/// <param name="Models">The models as it names them; empty where it did not answer.</param>
public sealed record HostModels(string Provider, HostState State, IReadOnlyList<string> Models);

/// <summary>How a host answered.</summary>
public enum HostState
{
    /// <summary>With its models.</summary>
    Available,

    /// <summary>Not in time.</summary>
    Timeout,

    /// <summary>With something else.</summary>
    Error,

    /// <summary>It has no key here, so it was not asked.</summary>
    NotConfigured,
}

/// <summary>Asks hosts for their models.</summary>
public interface IHostModels
{
    /// <summary>The models of a host, as it told within the last minute; it has a second to tell.</summary>
    /// <param name="provider">The host's name in the configuration.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<HostModels> OfAsync(string provider, CancellationToken cancellationToken);
}
