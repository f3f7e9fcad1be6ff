using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Groups the routes by capability, in the order in which a newcomer meets them.</summary>
internal sealed class Capabilities : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Known =
    [
        ("Identity", "Accounts, their keys and their tokens."),
        ("Metering", "What a person can still spend."),
        ("Gateway", "Models that write and draw; each call is paid for."),
        ("Content", "Files, and questions to documents."),
        ("Commerce", "Plans, wallets, and who pays for them."),
        ("Operations", "The endpoint catalogue, the audit trail, and how the platform fares."),
    ];

    /// <summary>The capability that an action belongs to, which is its controller's folder and so the end of its namespace.</summary>
    public static string Of(ApiDescription api) =>
        ((ControllerActionDescriptor)api.ActionDescriptor).ControllerTypeInfo.Namespace!.Split('.')[^1];

    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var served = context.ApiDescriptions.Select(Of).ToHashSet();
        swaggerDoc.Tags = Known.Where(capability => served.Contains(capability.Name))
            .Select(capability => new OpenApiTag { Name = capability.Name, Description = capability.Description })
            .ToHashSet();
    }
}
