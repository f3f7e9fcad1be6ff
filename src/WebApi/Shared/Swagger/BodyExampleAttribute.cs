using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents a body of an action whose fields are only in part the platform's own.</summary>
/// <param name="json">A JSON object that the action answers.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BodyExampleAttribute(string json) : Attribute
{
    /// <summary>A JSON object that the action answers.</summary>
    public string Json { get; } = json;
}

/// <summary>Puts the example of a body into the documents.</summary>
internal sealed class BodyExamples : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.GetCustomAttribute<BodyExampleAttribute>() is not { Json: var json })
        {
            return;
        }

        foreach (var (_, content) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            content.Example = JsonNode.Parse(json);
        }
    }
}
