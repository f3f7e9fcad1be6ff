namespace AiPlatform.Infrastructure.Shared;

/// <summary>A section of the configuration that something reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keys">The keys that are all it has; none where whoever reads it looks at its keys itself.</param>
internal sealed record ReadSection(string Name, params string[] Keys);
