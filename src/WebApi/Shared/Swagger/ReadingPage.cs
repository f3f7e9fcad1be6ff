using System.Text;
using Swashbuckle.AspNetCore.ReDoc;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>The page to read, of seed 004.</summary>
internal static class ReadingPage
{
    /// <summary>Where it is.</summary>
    public const string Name = "redoc";

    /// <summary>In place of the library's page, which fetches fonts from elsewhere; its script would fetch a picture.</summary>
    private static readonly byte[] Html = Encoding.UTF8.GetBytes(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <title>%(DocumentTitle)</title>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:">
            <link href="index.css" rel="stylesheet">
        </head>
        <body>
            <div id="redoc-container"></div>
            <script src="redoc.standalone.js"></script>
            <script src="index.js"></script>
        </body>
        </html>
        """);

    /// <summary>Shows the whole document under a title.</summary>
    public static void Show(ReDocOptions redoc, string title)
    {
        redoc.RoutePrefix = Name;
        redoc.DocumentTitle = title;
        redoc.SpecUrl = "../openapi.json";
        redoc.IndexStream = () => new MemoryStream(Html, writable: false);
    }
}
