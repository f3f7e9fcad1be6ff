namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>
/// Knows the first path segments that the API answers, so that a call which matched no route still gets the shape of the
/// surface that it was meant for, and is recorded.
/// </summary>
internal sealed class ApiPrefixes(EndpointDataSource routes)
{
    private readonly Lazy<Dictionary<string, ErrorShape>> _shapes = new(() => routes.Endpoints
        .OfType<RouteEndpoint>()
        .Select(route => (Prefix: FirstSegment(route.RoutePattern.RawText), Shape: route.Metadata.GetMetadata<ErrorShapeAttribute>()))
        .Where(route => route is { Prefix: not null, Shape: not null })
        .GroupBy(route => route.Prefix!, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => Outermost(group.Select(route => route.Shape!.Shape)), StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether a path lies under a prefix that the API answers.</summary>
    public bool Contains(PathString path) => FirstSegment(path.Value) is { } prefix && _shapes.Value.ContainsKey(prefix);

    /// <summary>The shape of a path that matched no route.</summary>
    public ErrorShape ShapeOf(PathString path) =>
        FirstSegment(path.Value) is { } prefix && _shapes.Value.TryGetValue(prefix, out var shape) ? shape : ErrorShape.Detail;

    private static string? FirstSegment(string? path) =>
        path?.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] && !first.StartsWith('{') ? first : null;

    // What routing refuses never reached a model, so a model route's own form does not apply.
    // Anthropic's form belongs to the one route of it below OpenAI's.
    private static ErrorShape Outermost(IEnumerable<ErrorShape> shapes) => shapes.Distinct().ToList() switch
    {
        var several when several.Contains(ErrorShape.OpenAI) => ErrorShape.OpenAI,
        var several when several.Contains(ErrorShape.AiFrameworkModel) => ErrorShape.AiFramework,
        [var first, ..] => first,
        _ => ErrorShape.Detail,
    };
}
