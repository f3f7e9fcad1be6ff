using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.Shared.Errors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Serves the documentation: pages for people, documents for programs.</summary>
internal static partial class SwaggerRegistration
{
    /// <summary>All credentials at one glance, and no column for links that no route has.</summary>
    private const string Style = """
        <style>
          .swagger-ui .dialog-ux .modal-ux-content { max-height: 85vh; }
          .swagger-ui .response-col_links { display: none; }
        </style>
        """;

    private const string Title = "AiPlatform API";

    private static readonly string[] Pages = ["swagger", "apidocs", "docs"];

    private static readonly PathString[] Folders = [.. Pages.Append(ReadingPage.Name).Select(page => new PathString($"/{page}"))];

    private static readonly (string Path, string Document)[] Documents =
    [
        ("/openapi.json", OpenApiDocuments.Whole),
        ("/swagger/v1/swagger.json", OpenApiDocuments.Whole),
        ("/apispec_1.json", OpenApiDocuments.AiFramework),
    ];

    /// <summary>Adds what describes the controllers.</summary>
    public static void AddSwaggerDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<DocsOptions>(configuration, DocsOptions.Section);
        services.AddSingleton<OpenApiDocuments>();
        services.Configure<MvcOptions>(mvc => mvc.Conventions.Add(new VisibleToDocumentation()));
        services.AddSwaggerGen(Describe);
    }

    /// <summary>Serves the documents and the pages, unless <c>Docs:Enabled</c> is false.</summary>
    public static void UseSwaggerDocuments(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<DocsOptions>>().Value.Enabled)
        {
            return;
        }

        foreach (var (path, document) in Documents)
        {
            app.MapGet(path, (OpenApiDocuments documents, ISwaggerProvider generator) =>
                Results.Text(documents.Read(document, generator), "application/json"));
        }

        // Beside the way of every other call.
        app.UseWhen(IsPage, pages =>
        {
            pages.Use(ServeFolder);
            foreach (var page in Pages)
            {
                pages.UseSwaggerUI(ui => Show(ui, page));
            }

            pages.UseReDoc(redoc => ReadingPage.Show(redoc, Title));
        });
    }

    private static bool IsPage(HttpContext http)
    {
        foreach (var folder in Folders)
        {
            if (http.Request.Path.StartsWithSegments(folder))
            {
                return true;
            }
        }

        return false;
    }

    // The documented page is the folder, /apidocs/; the library's is a file in it, to which it would redirect.
    private static Task ServeFolder(HttpContext http, RequestDelegate next)
    {
        if (Array.Exists(Folders, folder => http.Request.Path == folder.Add("/")))
        {
            http.Request.Path += "index.html";
        }

        return next(http);
    }

    private static void Describe(SwaggerGenOptions options)
    {
        options.SwaggerDoc(OpenApiDocuments.Whole, Introduction.Whole);
        options.SwaggerDoc(OpenApiDocuments.AiFramework, Introduction.AiFramework);
        options.DocInclusionPredicate((document, api) => document == OpenApiDocuments.Whole || IsOfAiFramework(api));
        options.OrderActionsBy(api => $"{api.RelativePath} {api.HttpMethod}");
        options.CustomOperationIds(OperationId);
        options.TagActionsBy(api => [Capabilities.Of(api)]);
        options.IncludeXmlComments(typeof(ICallContext).Assembly);
        options.IncludeXmlComments(typeof(SwaggerRegistration).Assembly);
        options.SupportNonNullableReferenceTypes();
        options.EnableAnnotations();
        options.MapType<JsonNode>(() => new OpenApiSchema());
        SuppliedSchemas.AddTo(options);
        CredentialSchemes.AddTo(options);
        options.SchemaFilter<ObjectMembers>();
        options.ParameterFilter<QueryNumbers>();
        options.OperationFilter<Bodies>();
        options.OperationFilter<BodyExamples>();
        options.OperationFilter<FormBodies>();
        options.OperationFilter<RefusalResponses>();
        options.OperationFilter<IdempotencyHeader>();
        options.DocumentFilter<Capabilities>();
    }

    private static void Show(SwaggerUIOptions ui, string page)
    {
        // Opened at once, a page of so many operations takes a browser half a minute.
        ui.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
        ui.RoutePrefix = page;
        ui.DocumentTitle = Title;
        ui.HeadContent = Style;
        ui.SwaggerEndpoint("../openapi.json", "AiPlatform");
        ui.SwaggerEndpoint("../apispec_1.json", "AI API framework (Swagger 2.0)");
        ui.DefaultModelsExpandDepth(-1);
        ui.DisplayRequestDuration();
        ui.EnableDeepLinking();
        ui.EnableFilter();
        ui.EnableTryItOutByDefault();
    }

    private static bool IsOfAiFramework(ApiDescription api) =>
        api.ActionDescriptor.EndpointMetadata.OfType<ErrorShapeAttribute>().LastOrDefault()?.Shape
            is ErrorShape.AiFramework or ErrorShape.AiFrameworkModel;

    /// <summary>The method and the path in one word, such as <c>postAdminCreateUser</c>; aliases differ.</summary>
    private static string OperationId(ApiDescription api) => Words().Matches(api.RelativePath!)
        .Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..])
        .Aggregate(api.HttpMethod!.ToLower(CultureInfo.InvariantCulture), string.Concat);

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();
}
