namespace AiPlatform.Application.Operations.Contracts;

/// <summary>The services that calls go on to, for the report of a process's health.</summary>
public interface IUpstreamHealth
{
    /// <summary>How each is, by name, as far as recent calls have shown. Asks nobody.</summary>
    IReadOnlyList<UpstreamState> Read();
}

/// <summary>How a service is that calls go on to.</summary>
/// <param name="Name">The name under which it is configured.</param>
/// <param name="State">One word for its state.</param>
public sealed record UpstreamState(string Name, string State);
