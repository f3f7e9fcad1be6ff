using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>Where a type lies: its layer, its capability, and what follows. Planted types lie where their names pretend.</summary>
internal sealed record Place(string Layer, string Capability, string Rest)
{
    public const string Domain = "Domain";
    public const string Application = "Application";
    public const string Infrastructure = "Infrastructure";
    public const string WebApi = "WebApi";
    public const string Shared = "Shared";

    private const string Root = "AiPlatform.";
    private const string Planted = "AiPlatform.Architecture.Tests.Planted.";

    public bool IsContract => Rest.Split('.') is ["Contracts", ..];

    public bool IsCapability => Capability.Length > 0 && Capability != Shared;

    /// <summary>The place of a type; <see langword="null"/> for one that is not ours.</summary>
    public static Place? Of(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        var name = type.Namespace;
        name = name.StartsWith(Planted, StringComparison.Ordinal) ? Root + name[Planted.Length..] : name;
        if (!name.StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        var segments = name[Root.Length..].Split('.', 3);
        return new Place(segments[0], segments.ElementAtOrDefault(1) ?? string.Empty, segments.ElementAtOrDefault(2) ?? string.Empty);
    }

    public override string ToString() => string.Join('.', new[] { Layer, Capability, Rest }.Where(segment => segment.Length > 0));
}
