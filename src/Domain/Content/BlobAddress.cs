using System.Text.RegularExpressions;

namespace AiPlatform.Domain.Content;

/// <summary>
/// Where a blob lies: a container and a flat name. Both are so narrow that they mean the same to a file system, to Azure
/// and in a URL: no separator, no dot at the start, nothing to escape.
/// </summary>
public sealed partial record BlobAddress
{
    /// <summary>Longest name of a blob, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Longest name of a container, in characters; Azure's limit.</summary>
    public const int MaxContainerLength = 63;

    /// <summary>Names a blob.</summary>
    /// <param name="container">3 to 63 lower-case letters, digits and single hyphens between them.</param>
    /// <param name="name">A letter or digit, then letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
    /// <exception cref="ArgumentException">One of the two is malformed.</exception>
    public BlobAddress(string container, string name)
    {
        Container = IsContainer(container) ? container : throw new ArgumentException("Not a container name.", nameof(container));
        Name = IsName(name) ? name : throw new ArgumentException("Not a blob name.", nameof(name));
    }

    /// <summary>The container.</summary>
    public string Container { get; }

    /// <summary>The name within the container.</summary>
    public string Name { get; }

    /// <summary>The address that a client named; <see langword="null"/> where it is none.</summary>
    /// <param name="container">The container as written.</param>
    /// <param name="name">The blob as written.</param>
    public static BlobAddress? TryCreate(string? container, string? name) =>
        container is not null && name is not null && IsContainer(container) && IsName(name) ? new BlobAddress(container, name) : null;

    /// <summary>Whether a text can name a container.</summary>
    /// <param name="container">The text.</param>
    public static bool IsContainer(string container) =>
        container.Length is >= 3 and <= MaxContainerLength && ContainerPattern().IsMatch(container);

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && NamePattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ContainerPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
