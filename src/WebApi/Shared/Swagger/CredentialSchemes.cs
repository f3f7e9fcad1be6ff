using AiPlatform.Application.Identity.Contracts;
using AiPlatform.WebApi.Shared.Calls;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents the credentials, and on each operation those that its request accepts.</summary>
internal sealed class CredentialSchemes : IOperationFilter
{
    private const string Bearer = "Bearer";
    private const string Cookie = "Cookie";

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

        options.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "Any secret of a person: the session token of `POST /auth/login`, an API key of any form, or an access token.",
        });
        options.AddSecurityDefinition(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = CredentialHeaders.Cookie,
            Description = "The session's cookie, which `POST /auth/login` sets.",
        });
        options.OperationFilter<CredentialSchemes>();
    }

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var action = new DocumentedAction(context.ApiDescription.ActionDescriptor);
        if (action.Credential is not { } kind)
        {
            operation.AddExtension("x-anonymous", new JsonNodeExtension(action.Anonymous ?? string.Empty));
            return;
        }

        string[] names = kind is CredentialKind.Any
            ? [Bearer, .. Known.Select(scheme => scheme.Name), Cookie]
            : [.. Known.Where(scheme => scheme.Kind == kind).Select(scheme => scheme.Name)];
        operation.Security =
        [
            .. names.Select(name => new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(name, context.Document)] = [],
            }),
        ];
    }
}
