using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>The documents as text. They describe the program, so each is written once a process.</summary>
internal sealed class OpenApiDocuments
{
    /// <summary>Every route, OpenAPI 3.0.</summary>
    public const string Whole = "v1";

    /// <summary>The routes of seed 000, Swagger 2.0.</summary>
    public const string AiFramework = "apispec_1";

    private readonly ConcurrentDictionary<string, string> _texts = new();

    /// <summary>A document; called within a request, since the rules that it reads belong to one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="generator">Makes it.</param>
    public string Read(string name, ISwaggerProvider generator) => _texts.GetOrAdd(name, _ => Write(name, generator.GetSwagger(name)));

    private static string Write(string name, OpenApiDocument document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var writer = new OpenApiJsonWriter(text);
        if (name == AiFramework)
        {
            document.SerializeAsV2(writer);
        }
        else
        {
            document.SerializeAsV3(writer);
        }

        return text.ToString();
    }
}
