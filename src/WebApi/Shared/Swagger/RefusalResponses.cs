using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>
/// Documents every refusal of an action with the very body that is answered: one named example each, by status. Nothing is
/// written twice; the errors come from the pipeline's declarations, the validator's rules and the error writer.
/// </summary>
internal sealed class RefusalResponses(IHttpContextAccessor http) : IOperationFilter
{
    private const string Json = "application/json";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var action = new DocumentedAction(context.ApiDescription.ActionDescriptor);
        var refusals = action.Refusals(http.HttpContext!.RequestServices);
        operation.Responses ??= [];
        foreach (var status in refusals.GroupBy(error => (int)error.Kind).OrderBy(status => status.Key))
        {
            var bodies = status.SelectMany(error => action.Errors.Bodies(error).Select(body => (Error: error, Body: body))).ToList();
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status.Key),
                Headers = status.Any(error => error.RetryAfter is not null) ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = ErrorSchemas.For(bodies.Select(body => body.Body), context.SchemaRepository),
                        Examples = Named(bodies),
                    },
                },
            };
        }
    }

    private static Dictionary<string, IOpenApiExample> Named(IEnumerable<(Error Error, JsonObject Body)> bodies)
    {
        var examples = new Dictionary<string, IOpenApiExample>();
        foreach (var (error, body) in bodies.DistinctBy(body => body.Body.ToJsonString()))
        {
            var earlier = examples.Keys.Count(name => name == error.Code || name.StartsWith($"{error.Code}_", StringComparison.Ordinal));
            examples[earlier == 0 ? error.Code : $"{error.Code}_{earlier + 1}"] = new OpenApiExample { Summary = Summary(body), Value = body };
        }

        return examples;
    }

    private static string Summary(JsonObject body) =>
        (body["message"] ?? WordsOf(body["detail"]) ?? body["details"] ?? (body["error"] as JsonObject)?["message"] ?? body["error"])?.GetValue<string>()
        ?? string.Empty;

    private static JsonNode? WordsOf(JsonNode? detail) => detail is JsonArray faults ? faults[0]!["msg"] : detail;

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        [HeaderNames.RetryAfter] = new OpenApiHeader
        {
            Description = "Seconds after which to try again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };
}
