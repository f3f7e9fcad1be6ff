using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>What every host that speaks OpenAI's API has in common.</summary>
internal static class OpenAIApi
{
    /// <summary>Headers of OpenAI's API that its clients send for the provider.</summary>
    public static IReadOnlySet<string> ClientHeaders { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "OpenAI-Beta" };

    /// <summary>The operations of a host; not every one has the Responses API.</summary>
    public static IReadOnlySet<string> OperationsOf(ProviderSettings settings)
    {
        var operations = new HashSet<string>(StringComparer.Ordinal)
        {
            ProviderOperations.ChatCompletions,
            ProviderOperations.Completions,
            ProviderOperations.Embeddings,
            ProviderOperations.ImageGenerations,
        };
        if (settings.HasResponses)
        {
            operations.Add(ProviderOperations.Responses);
        }

        return operations;
    }
}
