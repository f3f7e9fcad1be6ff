using AiPlatform.WebApi.Shared.Calls;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents on every operation that charges how a call is carried out once, however often it is sent.</summary>
internal sealed class IdempotencyHeader : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var action = new DocumentedAction(context.ApiDescription.ActionDescriptor);
        if (!action.IsCharged)
        {
            return;
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyHeaders.Key,
            In = ParameterLocation.Header,
            Description = "A text of your own that names this call, best a UUID. Sent again with the same body within 24 hours, the call is "
                + "not carried out and not charged again: it has the answer of the first one. "
                + (action.IsAskedByItsFields ? "The fields are compared, but for the token." : "The body is compared byte by byte."),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
        });
        if (operation.Responses?["200"] is OpenApiResponse answer)
        {
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            answer.Headers[IdempotencyHeaders.Replayed] = new OpenApiHeader
            {
                Description = "`true` where this is the answer of an earlier call with the same Idempotency-Key.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }
}
