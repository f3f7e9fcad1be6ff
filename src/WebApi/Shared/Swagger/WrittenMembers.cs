using AiPlatform.Application.Shared;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents every member of an answer as present, because an answer leaves none out.</summary>
internal sealed class WrittenMembers : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var isAnswer = context.Type.Assembly == typeof(WrittenMembers).Assembly
            && !Array.Exists(context.Type.GetProperties(), property => property.PropertyType.IsAssignableTo(typeof(ISupplied)));
        if (isAnswer && schema is OpenApiSchema { Properties.Count: > 0 } answer)
        {
            answer.Required = new HashSet<string>(answer.Properties!.Keys);
        }
    }
}
