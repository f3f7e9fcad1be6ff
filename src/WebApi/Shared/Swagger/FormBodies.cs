using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents forms beside JSON where an action reads both.</summary>
internal sealed class FormBodies : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (new DocumentedAction(context.ApiDescription.ActionDescriptor).ReadsForms
            && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var json))
        {
            content["application/x-www-form-urlencoded"] = new OpenApiMediaType { Schema = json.Schema };
        }
    }
}
