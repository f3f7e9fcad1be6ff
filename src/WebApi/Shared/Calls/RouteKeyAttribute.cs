namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>
/// Names a route for the endpoint catalogue, the ledger and the audit trail. Paths that are aliases of each other carry the
/// same key, and renaming a path changes nothing that is counted.
/// </summary>
/// <param name="key">Lower-case, dotted, stable for good.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RouteKeyAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
