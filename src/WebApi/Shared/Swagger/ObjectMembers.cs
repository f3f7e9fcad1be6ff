using AiPlatform.Application.Shared;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>
/// Documents what holds of every object: a request with further members is read without them, an answer leaves no member out
/// and may gain some.
/// </summary>
internal sealed class ObjectMembers : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } members)
        {
            return;
        }

        members.AdditionalPropertiesAllowed = true;
        if (!Array.Exists(context.Type.GetProperties(), property => property.PropertyType.IsAssignableTo(typeof(ISupplied))))
        {
            members.Required = new HashSet<string>(members.Properties!.Keys);
        }
    }
}
