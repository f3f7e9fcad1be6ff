using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A route that the running platform serves.</summary>
public sealed record ApiRoute(HttpMethod Method, string Pattern, string Key, ErrorShape Shape, Type? Body)
{
    /// <summary>Whether bodies may be larger than those of most routes.</summary>
    public bool ReadsLargeBodies { get; init; }

    /// <summary>Whether it needs no credential.</summary>
    public bool IsAnonymous => Documentation.Routes.Any(route =>
        route.Path == Pattern && route.Method == Method.Method && route.Operation["x-anonymous"] is not null);

    /// <summary>The path with something in the place of its parameters.</summary>
    public string Path => string.Join('/', Pattern.Split('/').Select(segment => segment.StartsWith('{') ? "something" : segment));

    /// <summary>Every route of the API, as routing knows them; what has no error shape belongs to no surface.</summary>
    public static IReadOnlyList<ApiRoute> All(TestPlatform platform)
    {
        ApiRoute[] routes =
        [
            .. from endpoint in platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
               let action = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>()
               let shape = endpoint.Metadata.GetMetadata<ErrorShapeAttribute>()
               where action is not null && shape is not null
               from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
               select new ApiRoute(
                   HttpMethod.Parse(method),
                   "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
                   endpoint.Metadata.GetRequiredMetadata<RouteKeyAttribute>().Key,
                   shape.Shape,
                   action.Parameters.FirstOrDefault(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body)?.ParameterType)
               {
                   ReadsLargeBodies = endpoint.Metadata.GetMetadata<JsonBodyBoundsAttribute>() is not null,
               },
        ];
        Assert.That(routes, Has.Length.GreaterThan(15), "The platform serves more routes than were found.");
        return routes;
    }

    public override string ToString() => $"{Method} {Pattern}";
}
