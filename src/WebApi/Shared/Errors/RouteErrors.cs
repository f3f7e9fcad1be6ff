using System.Reflection;
using System.Text.Json.Nodes;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Json;
using Microsoft.AspNetCore.Mvc.Controllers;

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
    /// <param name="error">The error.</param>
    /// <param name="request">The call; <see langword="null"/> where none is at hand.</param>
    public JsonObject Render(Error error, HttpRequest? request = null)
    {
        var lacksBearer = request is not null && CredentialHeaders.LacksBearer(request);
        return Render(error, lacksBearer ? WordsOf(error)?.WithoutBearer : WordsOf(error)?.Usual, request?.Query);
    }

    /// <summary>Every body that an error may have on the route.</summary>
    /// <param name="error">The error.</param>
    public IEnumerable<JsonObject> Bodies(Error error) => WordsOf(error) is var (usual, withoutBearer)
        ? new[] { usual, withoutBearer }.Distinct().Select(words => Render(error, words, null))
        : [Render(error)];

    private JsonObject Render(Error error, string? words, IQueryCollection? query) =>
        ErrorBodies.Render(Shape, words is null ? error : error with { Message = words }, PlaceOf(error, query));

    private (string Usual, string WithoutBearer)? WordsOf(Error error)
    {
        if (_metadata.OfType<ErrorWordsAttribute>().LastOrDefault(words => words.Code == error.Code) is { } own)
        {
            return (own.Message, own.Message);
        }

        return CredentialErrors.Contain(error) && _metadata.OfType<UnauthenticatedWordsAttribute>().LastOrDefault() is { } shared
            ? (shared.Message, shared.WithoutBearer)
            : null;
    }

    /// <summary>Where the field at fault stands, or would stand: some may come in the query instead of the body.</summary>
    private string PlaceOf(Error error, IQueryCollection? query)
    {
        if (error.Field is not { } field || Action is not { } action)
        {
            return FieldFaults.Body;
        }

        if (action.AttributeRouteInfo?.Template?.Contains($"{{{field}}}", StringComparison.Ordinal) is true)
        {
            return FieldFaults.Path;
        }

        var isInQuery = query?.ContainsKey(field) is true || !action.MethodInfo.GetParameters().Any(IsBody);
        return isInQuery ? FieldFaults.Query : FieldFaults.Body;
    }

    private ControllerActionDescriptor? Action => _metadata.OfType<ControllerActionDescriptor>().LastOrDefault();

    private static bool IsBody(ParameterInfo parameter) => parameter.IsDefined(typeof(JsonBodyAttribute));
}
