namespace AiPlatform.Application.Gateway.Relay;

/// <summary>A host that offers models of many vendors, with a model as it names it.</summary>
/// <param name="Provider">The provider's name in the configuration; <see langword="null"/> for whichever is configured first.</param>
/// <param name="Model">The model as the host names it.</param>
internal sealed record ProxyHost(string? Provider, string Model)
{
    private static readonly (string Prefix, string Provider)[] Known =
    [
        ("or/", "OpenRouter"),
        ("glama/", "Glama"),
        ("req/", "Requesty"),
        ("aiml/", "AIML"),
        ("a4f/", "A4F"),
    ];

    /// <summary>The hosts' names in the configuration, in the order in which they are preferred.</summary>
    public static IReadOnlyList<string> Providers { get; } = [.. Known.Select(host => host.Provider)];

    /// <summary>The hosts' names on the wire.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Providers.Select(name => name.ToLowerInvariant())];

    /// <summary>The host of a request.</summary>
    /// <param name="provider">The host that it names; empty where it names none.</param>
    /// <param name="model">The model that it names.</param>
    /// <returns><see langword="null"/> where there is no host of that name.</returns>
    public static ProxyHost? Of(string provider, string model)
    {
        if (provider.Length > 0)
        {
            return Array.Find(Known, host => host.Provider.Equals(provider, StringComparison.OrdinalIgnoreCase)) is { Provider: { } named } known
                ? new ProxyHost(named, Without(known.Prefix, model))
                : null;
        }

        return Array.Find(Known, host => model.StartsWith(host.Prefix, StringComparison.OrdinalIgnoreCase)) is { Provider: { } prefixed } found
            ? new ProxyHost(prefixed, Without(found.Prefix, model))
            : new ProxyHost(null, model);
    }

    private static string Without(string prefix, string model) =>
        model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? model[prefix.Length..] : model;
}
