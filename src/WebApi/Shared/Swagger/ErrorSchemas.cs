using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>The schemas of error bodies, one a shape.</summary>
internal static class ErrorSchemas
{
    /// <summary>The schema of some bodies; of several shapes, one of theirs.</summary>
    public static IOpenApiSchema For(IEnumerable<JsonObject> bodies, SchemaRepository schemas)
    {
        var shapes = bodies.Select(body => SchemaOf(body, schemas)).DistinctBy(shape => shape.Reference.Id).ToList<IOpenApiSchema>();
        return shapes is [var only] ? only : new OpenApiSchema { OneOf = shapes };
    }

    private static OpenApiSchemaReference SchemaOf(JsonObject body, SchemaRepository schemas) => body switch
    {
        _ when body["error"] is JsonObject inner => Nested(schemas, inner.ContainsKey("param") ? "OpenAIError" : "AnthropicError", body),
        _ when body.ContainsKey("response") => Named(
            schemas, "ModelError", "What a model call itself refuses.", ("response", "The status, as text."), ("message", "What is wrong.")),
        _ when body["detail"] is JsonArray => Faults(schemas),
        _ when body.ContainsKey("detail") => Named(schemas, "Detail", "A refusal.", ("detail", "What is wrong.")),
        _ => Named(schemas, "Error", "A refusal.", ("error", "The class of the refusal."), ("message", "What is wrong.")),
    };

    private static OpenApiSchemaReference Named(SchemaRepository schemas, string name, string description, params (string Name, string Text)[] members)
    {
        if (!schemas.Schemas.ContainsKey(name))
        {
            schemas.AddDefinition(name, new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = description,
                Required = new HashSet<string> { members[0].Name },
                Properties = members.ToDictionary(
                    member => member.Name,
                    IOpenApiSchema (member) => Text(member.Text)),
            });
        }

        return new OpenApiSchemaReference(name);
    }

    /// <summary>FastAPI's refusal of fields, under FastAPI's names.</summary>
    private static OpenApiSchemaReference Faults(SchemaRepository schemas)
    {
        if (!schemas.Schemas.ContainsKey("HTTPValidationError"))
        {
            var fault = Object("What is wrong with a field.", new()
            {
                ["loc"] = List(Text(null), "Where it stands: body, query or path, and the names on the way to it."),
                ["msg"] = Text("What is wrong."),
                ["type"] = Text("The kind of the fault, in the words of pydantic."),
            });
            schemas.AddDefinition("ValidationError", fault);
            schemas.AddDefinition("HTTPValidationError", Object("A refusal of fields.", new()
            {
                ["detail"] = List(new OpenApiSchemaReference("ValidationError"), "What is wrong with them."),
            }));
        }

        return new OpenApiSchemaReference("HTTPValidationError");
    }

    private static OpenApiSchema Object(string description, Dictionary<string, IOpenApiSchema> members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = members.Keys.ToHashSet(),
        Properties = members,
    };

    private static OpenApiSchema List(IOpenApiSchema items, string description) =>
        new() { Type = JsonSchemaType.Array, Items = items, Description = description };

    private static OpenApiSchema Text(string? description) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>The schemas of the model APIs, whose errors lie one level deeper.</summary>
    private static OpenApiSchemaReference Nested(SchemaRepository schemas, string name, JsonObject body)
    {
        if (!schemas.Schemas.ContainsKey(name))
        {
            schemas.AddDefinition(name, Described(body));
        }

        return new OpenApiSchemaReference(name);
    }

    private static OpenApiSchema Described(JsonObject body) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = body.ToDictionary(
            member => member.Key,
            IOpenApiSchema (member) => member.Value is JsonObject inner
                ? Described(inner)
                : new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null }),
    };
}
