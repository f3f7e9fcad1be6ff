using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents what is really read and written: JSON alone of the media types that the framework knows, and uploads.</summary>
internal sealed class Bodies : IOperationFilter
{
    private const string Json = "application/json";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.GetCustomAttribute<MultipartFilesAttribute>() is { } files)
        {
            operation.RequestBody = Upload(files.Field, severalAtOnce: context.DocumentName == OpenApiDocuments.Whole);
        }
        else if (operation.RequestBody is OpenApiRequestBody body)
        {
            KeepJson(body.Content);
            LeaveOut(body, context);
            body.Required = !CanComeInQuery(body, operation, context.SchemaRepository);
        }

        foreach (var (_, response) in operation.Responses ?? [])
        {
            KeepJson(response.Content);
        }
    }

    /// <summary>Swagger 2.0 has no word for several files at once.</summary>
    private static OpenApiRequestBody Upload(string field, bool severalAtOnce)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { field },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                [field] = severalAtOnce ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = file } : file,
            },
        };
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = form } },
        };
    }

    private static void LeaveOut(OpenApiRequestBody body, OperationFilterContext context)
    {
        if (context.MethodInfo.GetCustomAttribute<TakesNoAttribute>() is not { } without
            || body.Content?[Json].Schema is not OpenApiSchemaReference { Reference.Id: { } whole })
        {
            return;
        }

        var schemas = context.SchemaRepository;
        if (!schemas.Schemas.ContainsKey(without.Schema))
        {
            var rest = (OpenApiSchema)schemas.Schemas[whole].CreateShallowCopy();
            rest.Properties = rest.Properties!
                .Where(field => !without.Fields.Contains(field.Key))
                .ToDictionary(field => field.Key, field => field.Value);
            schemas.AddDefinition(without.Schema, rest);
        }

        body.Content[Json].Schema = new OpenApiSchemaReference(without.Schema);
    }

    /// <summary>Whether every field of the body can be a parameter instead, as for clients that drop the body of a DELETE.</summary>
    private static bool CanComeInQuery(OpenApiRequestBody body, OpenApiOperation operation, SchemaRepository schemas) =>
        body.Content?[Json].Schema is OpenApiSchemaReference { Reference.Id: { } id }
        && schemas.Schemas[id].Properties is { } fields
        && fields.Keys.All(name => operation.Parameters?.Any(parameter => parameter.Name == name) == true);

    private static void KeepJson(IDictionary<string, OpenApiMediaType>? content)
    {
        if (content is not null && content.TryGetValue(Json, out var json))
        {
            content.Clear();
            content[Json] = json;
        }
    }
}
