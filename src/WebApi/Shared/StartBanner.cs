using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.Shared.Swagger;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>What an operator sees once the platform serves: where it is, who answers, and a line to paste.</summary>
internal static class StartBanner
{
    private const int MostListed = 8;

    /// <summary>Writes the banner to the terminal; the key goes there alone, never into a log.</summary>
    public static void Write(IServiceProvider services, string? generatedKey, TextWriter terminal)
    {
        var address = Address(services);
        var providers = services.GetRequiredService<IProviderOverview>().Describe();
        terminal.WriteLine();
        terminal.WriteLine($"  AiPlatform serves {address}");
        var pages = services.GetRequiredService<IOptions<DocsOptions>>().Value.Enabled ? $"{address}/swagger" : "switched off by Docs:Enabled";
        terminal.WriteLine($"  Swagger           {pages}");
        terminal.WriteLine($"  Database          {services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider}");
        terminal.WriteLine($"  Providers         {List(providers.ConfiguredProviders, "none configured; set for example Providers:OpenAI:ApiKey")}");
        terminal.WriteLine($"  Sandbox serves    {List(providers.SandboxModels, "nothing")}");
        if (providers.UnservedModels.Count > 0)
        {
            terminal.WriteLine($"  Nobody serves     {List(providers.UnservedModels, string.Empty)}");
        }

        terminal.WriteLine();
        terminal.WriteLine(generatedKey is null ? Invite(address) : Welcome(address, generatedKey));
        terminal.WriteLine();
    }

    private static string Invite(string address) => $"""
          Is it well?   curl -s {address}/health
        """;

    private static string Welcome(string address, string key) => $$"""
          The administrator's API key, shown only now:

              {{key}}

          Ask a model:

              KEY={{key}}
              TOKEN=$(curl -s {{address}}/get-token -H "API-Key: $KEY" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
              curl -s {{address}}/llm/gpt-4o-mini -H "X-Token: $TOKEN" -d '{"user_input":"Say hello"}'
        """;

    private static string List(IReadOnlyList<string> names, string none) => names.Count switch
    {
        0 => none,
        <= MostListed => string.Join(", ", names),
        _ => $"{string.Join(", ", names.Take(MostListed))} and {names.Count - MostListed} more",
    };

    private static string Address(IServiceProvider services)
    {
        var bound = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return (bound ?? services.GetRequiredService<IOptions<PlatformOptions>>().Value.PublicUrl)
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .TrimEnd('/');
    }
}
