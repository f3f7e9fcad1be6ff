namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents that an action does not look at some fields of the request that it shares with others.</summary>
/// <param name="schema">What the request without those fields is called.</param>
/// <param name="fields">The fields' wire names.</param>
[AttributeUsage(AttributeTargets.Method)]
public class TakesNoAttribute(string schema, params string[] fields) : Attribute
{
    /// <summary>What the request without those fields is called.</summary>
    public string Schema { get; } = schema;

    /// <summary>The fields' wire names.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;
}
