using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Leaves one media type of those that the framework could read or write: what is documented is JSON.</summary>
internal sealed class JsonBodies : IOperationFilter
{
    private const string Json = "application/json";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            KeepJson(body.Content);
        }

        foreach (var (_, response) in operation.Responses ?? [])
        {
            KeepJson(response.Content);
        }
    }

    private static void KeepJson(IDictionary<string, OpenApiMediaType>? content)
    {
        if (content is null || !content.TryGetValue(Json, out var json))
        {
            return;
        }

        content.Clear();
        content[Json] = json;
    }
}
