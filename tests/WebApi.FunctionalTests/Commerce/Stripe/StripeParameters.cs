using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;

/// <summary>The parameters of a request.</summary>
public sealed class StripeParameters(IQueryCollection values)
{
    public string? this[string name] => values[name].FirstOrDefault();

    public string Required(string name) => this[name] ?? throw new InvalidOperationException($"{name} is missing.");

    public long? Number(string name) => this[name] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The members of <c>metadata[…]</c>.</summary>
    public IEnumerable<(string Name, string Value)> Metadata => values
        .Where(pair => pair.Key.StartsWith("metadata[", StringComparison.Ordinal))
        .Select(pair => (pair.Key["metadata[".Length..^1], pair.Value.ToString()));
}
