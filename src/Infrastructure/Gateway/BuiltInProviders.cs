namespace AiPlatform.Infrastructure.Gateway;

/// <summary>A provider that is known by its name.</summary>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Endpoint">The vendor's address; none where each customer has one of their own.</param>
internal sealed record BuiltInProvider(ProviderKind Kind, string? Endpoint)
{
    /// <summary>Whether it has OpenAI's Responses API.</summary>
    public bool HasResponses { get; init; }
}

/// <summary>The providers that need no more than a key. A provider of any other name is a host that speaks OpenAI's API.</summary>
internal static class BuiltInProviders
{
    public const string Sandbox = "Sandbox";

    /// <summary>The providers by name.</summary>
    public static IReadOnlyDictionary<string, BuiltInProvider> All { get; } =
        new Dictionary<string, BuiltInProvider>(StringComparer.OrdinalIgnoreCase)
        {
            ["OpenAI"] = new(ProviderKind.OpenAI, "https://api.openai.com/v1") { HasResponses = true },
            ["AzureOpenAI"] = new(ProviderKind.AzureOpenAI, null) { HasResponses = true },
            ["Anthropic"] = new(ProviderKind.Anthropic, "https://api.anthropic.com/v1"),
            ["DeepSeek"] = new(ProviderKind.OpenAI, "https://api.deepseek.com/v1"),
            ["Llama"] = new(ProviderKind.OpenAI, "https://api.llama.com/compat/v1"),
            ["OpenRouter"] = new(ProviderKind.OpenAI, "https://openrouter.ai/api/v1"),
            ["Glama"] = new(ProviderKind.OpenAI, "https://glama.ai/api/gateway/openai/v1"),
            ["Requesty"] = new(ProviderKind.OpenAI, "https://router.requesty.ai/v1"),
            ["AIML"] = new(ProviderKind.OpenAI, "https://api.aimlapi.com/v1"),
            ["A4F"] = new(ProviderKind.OpenAI, "https://api.a4f.co/v1"),
            [Sandbox] = new(ProviderKind.Sandbox, null) { HasResponses = true },
        };
}
