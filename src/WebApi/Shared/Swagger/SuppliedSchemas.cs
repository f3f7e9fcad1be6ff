using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Shared;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents a <see cref="Supplied{T}"/> as the <c>T</c> that it should carry, with the values that its property allows.</summary>
internal sealed class SuppliedSchemas : ISchemaFilter
{
    /// <summary>Adds the types and the filter.</summary>
    public static void AddTo(SwaggerGenOptions options)
    {
        options.MapType<Supplied<string>>(() => new OpenApiSchema { Type = JsonSchemaType.String });
        options.MapType<Supplied<IntegerOrText>>(() => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" });
        options.MapType<Supplied<int>>(() => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" });
        options.MapType<Supplied<long>>(() => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" });
        options.MapType<Supplied<double>>(() => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" });
        options.MapType<Supplied<bool>>(() => new OpenApiSchema { Type = JsonSchemaType.Boolean });
        options.MapType<Supplied<IReadOnlyList<string>>>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        options.MapType<Supplied<IReadOnlyList<RouteFields>>>(() => new OpenApiSchema { Type = JsonSchemaType.Array });
        options.MapType<Supplied<IReadOnlyList<ImageRateFields>>>(() => new OpenApiSchema { Type = JsonSchemaType.Array });
        options.MapType<Supplied<QueryPreferences>>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
        options.SchemaFilter<SuppliedSchemas>();
    }

    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema concrete && context.MemberInfo?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            concrete.Enum = [.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value)!)];
        }

        if (schema is OpenApiSchema { Type: JsonSchemaType.Array, Items: null } list && ItemOf(context.Type) is { } item)
        {
            list.Items = context.SchemaGenerator.GenerateSchema(item, context.SchemaRepository);
        }

        if (schema is OpenApiSchema { Type: JsonSchemaType.Object } supplied && context.Type == typeof(Supplied<QueryPreferences>))
        {
            supplied.AllOf = [context.SchemaGenerator.GenerateSchema(typeof(QueryPreferences), context.SchemaRepository)];
        }
    }

    /// <summary>What a supplied list has.</summary>
    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Supplied<>)
        && type.GenericTypeArguments[0] is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? list.GenericTypeArguments[0]
            : null;
}
