using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>
/// Documents a parameter that has a range as the number it is: parameters are bound as text, so that a validator, not the
/// framework, answers one that is no number.
/// </summary>
internal sealed class QueryNumbers : IParameterFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        var attributes = context.PropertyInfo?.GetCustomAttributes() ?? context.ParameterInfo?.GetCustomAttributes() ?? [];
        if (parameter.Schema is not OpenApiSchema schema || !attributes.OfType<RangeAttribute>().Any())
        {
            return;
        }

        schema.Type = JsonSchemaType.Integer;
        schema.Format = "int32";
        if (schema.Default is JsonValue text && text.TryGetValue<string>(out var number))
        {
            schema.Default = int.Parse(number, CultureInfo.InvariantCulture);
        }
    }
}
