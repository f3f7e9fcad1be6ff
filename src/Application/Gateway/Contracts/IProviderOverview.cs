namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Which models can be called in this process, and who serves them.</summary>
public interface IProviderOverview
{
    /// <summary>The overview; it holds for the life of the process.</summary>
    ProviderOverview Describe();
}

/// <summary>Which models can be called, and who serves them. Names in alphabetical order.</summary>
/// <param name="ConfiguredProviders">Providers with what they need to be called; the Sandbox is not among them.</param>
/// <param name="SandboxModels">Public names of the models that only the Sandbox serves.</param>
/// <param name="UnservedModels">Public names of the models that nobody serves.</param>
public sealed record ProviderOverview(
    IReadOnlyList<string> ConfiguredProviders, IReadOnlyList<string> SandboxModels, IReadOnlyList<string> UnservedModels);
