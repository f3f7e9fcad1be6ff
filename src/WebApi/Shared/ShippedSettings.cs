using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace AiPlatform.WebApi.Shared;

/// <summary>
/// The <c>appsettings.json</c> that lies beside the program. ASP.NET looks for it in the working directory alone, where the data
/// is kept and the program need not be.
/// </summary>
internal static class ShippedSettings
{
    /// <summary>Adds the file below every other source of configuration.</summary>
    /// <param name="configuration">The configuration, with its sources added.</param>
    public static void AddShippedSettings(this IConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Path = "appsettings.json",
            Optional = true,
        });
}
