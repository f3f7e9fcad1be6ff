using System.Text.Json;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway;

/// <summary>The names of what models can be asked to do, as they are written on the wire.</summary>
public static class CapabilityNames
{
    /// <summary>The name of a capability.</summary>
    /// <param name="capability">The capability.</param>
    public static string Of(ModelCapability capability) => JsonNamingPolicy.SnakeCaseLower.ConvertName(capability.ToString());

    /// <summary>The capability of a name; <see langword="null"/> where there is none.</summary>
    /// <param name="name">The name.</param>
    public static ModelCapability? Find(string name) =>
        Enum.GetValues<ModelCapability>().Where(capability => Of(capability) == name).Cast<ModelCapability?>().FirstOrDefault();

    /// <summary>The capabilities of valid names.</summary>
    /// <param name="names">The names.</param>
    internal static IReadOnlyList<ModelCapability> All(IEnumerable<string> names) => [.. names.Select(name => Find(name)!.Value)];
}
