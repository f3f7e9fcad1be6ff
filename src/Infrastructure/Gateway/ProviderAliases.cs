using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>
/// The variables that vendors and the AI API framework document, read where the platform's own key is not set.
/// <c>OPENAI_API_ENDPOINT</c> is the framework's Azure address: with it, <c>OPENAI_API_KEY</c> is a key of Azure OpenAI, without
/// it one of OpenAI.
/// </summary>
internal static class ProviderAliases
{
    public const string OpenAIKey = "OPENAI_API_KEY";
    public const string AzureEndpoint = "OPENAI_API_ENDPOINT";

    private static readonly (string Provider, string Variable)[] Keys =
    [
        ("Anthropic", "ANTHROPIC_API_KEY"),
        ("OpenRouter", "OPENROUTER_API_KEY"),
        ("Glama", "GLAMA_API_KEY"),
        ("Requesty", "REQUESTY_API_KEY"),
        ("AIML", "AIML_API_KEY"),
        ("A4F", "A4F_API_KEY"),
    ];

    /// <summary>Binds the section and fills its gaps from the aliases.</summary>
    public static void Bind(GatewayOptions options, IConfiguration configuration)
    {
        var providers = configuration.GetSection(GatewayOptions.SectionName);
        foreach (var provider in providers.GetChildren())
        {
            CheckedOptions.RequireReadableValues<ProviderSection>(provider);
        }

        providers.Bind(options.Providers);
        var isAzure = !string.IsNullOrWhiteSpace(configuration[AzureEndpoint]);

        Fill(options, isAzure ? "AzureOpenAI" : "OpenAI", configuration[AzureEndpoint], configuration[OpenAIKey]);
        Fill(options, "DeepSeek", configuration["DEEPSEEK_ENDPOINT"], configuration["DEEPSEEK_API_KEY"]);
        Fill(options, "Llama", configuration["LLAMA_ENDPOINT"], configuration["LLAMA_API_KEY"]);
        foreach (var (name, variable) in Keys)
        {
            Fill(options, name, endpoint: null, configuration[variable]);
        }
    }

    private static void Fill(GatewayOptions options, string name, string? endpoint, string? apiKey)
    {
        if (!options.Providers.TryGetValue(name, out var section))
        {
            options.Providers[name] = section = new ProviderSection();
        }

        section.Endpoint = string.IsNullOrWhiteSpace(section.Endpoint) ? endpoint : section.Endpoint;
        section.ApiKey = string.IsNullOrWhiteSpace(section.ApiKey) ? apiKey : section.ApiKey;
    }
}
