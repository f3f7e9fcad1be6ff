using AiPlatform.Application.Identity.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents the credentials, and on each operation those that its request accepts.</summary>
internal sealed class CredentialSchemes : IOperationFilter
{
    private static readonly (string Name, CredentialKind Kind, string Header, string Description)[] Known =
    [
        ("ApiKey", CredentialKind.ApiKey, "API-Key",
            "A long-lived key. It identifies a person; `Authorization: Bearer <key>` is read as well."),
        ("XApiKey", CredentialKind.ApiKey, "X-API-Key", "The same key under its other name; one of the two is enough."),
        ("AccessToken", CredentialKind.AccessToken, "X-Token",
            "A short-lived token from `GET /get-token`; `Authorization: Bearer <token>` is read as well."),
    ];

    /// <summary>Adds the schemes to the document.</summary>
    public static void AddTo(SwaggerGenOptions options)
    {
        foreach (var (name, _, header, description) in Known)
        {
            options.AddSecurityDefinition(name, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = header,
                Description = description,
            });
        }

        options.OperationFilter<CredentialSchemes>();
    }

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (new DocumentedAction(context.ApiDescription.ActionDescriptor).Credential is not { } kind)
        {
            return;
        }

        operation.Security =
        [
            .. Known.Where(scheme => scheme.Kind == kind || kind is CredentialKind.Any).Select(scheme => new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(scheme.Name, context.Document)] = [],
            }),
        ];
    }
}
