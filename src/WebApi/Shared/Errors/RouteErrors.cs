using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;

namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>How one route writes its errors, read from its metadata; the writer and the documentation share it.</summary>
/// <param name="metadata">The route's metadata, the most specific last.</param>
/// <param name="otherwise">The shape of a route that names none.</param>
internal sealed class RouteErrors(IEnumerable<object> metadata, ErrorShape otherwise = ErrorShape.Detail)
{
    private readonly IReadOnlyList<object> _metadata = [.. metadata];

    /// <summary>The refusal that stands for a failure of the platform itself.</summary>
    public Error Unexpected => new(
        "unexpected",
        ErrorKind.Internal,
        _metadata.OfType<UnexpectedErrorAttribute>().LastOrDefault()?.Message ?? "The request could not be completed");

    /// <summary>How the route writes its errors.</summary>
    public ErrorShape Shape => _metadata.OfType<ErrorShapeAttribute>().LastOrDefault()?.Shape ?? otherwise;

    /// <summary>The body of an error in the shape and the words of the route.</summary>
    public JsonObject Render(Error error) =>
        ErrorBodies.Render(Shape, WordsOf(error) is { } words ? error with { Message = words } : error);

    private string? WordsOf(Error error) =>
        _metadata.OfType<ErrorWordsAttribute>().LastOrDefault(words => words.Code == error.Code)?.Message
        ?? (error.Kind is ErrorKind.Unauthenticated ? _metadata.OfType<UnauthenticatedWordsAttribute>().LastOrDefault()?.Message : null);
}
