using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Content;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Content;

/// <summary>Configuration section <c>Rag</c>.</summary>
public sealed class RagOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Rag";

    /// <summary>Public name of the model that answers.</summary>
    public string Model { get; set; } = "gpt-4o";

    /// <summary>Public name of the model that makes vectors; without a provider for it, words alone are compared.</summary>
    [MaxLength(RagDocument.MaxModelLength, ErrorMessage = "Rag:EmbeddingModel must be at most 100 characters.")]
    public string EmbeddingModel { get; set; } = "text-embedding-3-small";

    /// <summary>What the answers call the assistant.</summary>
    [Required(ErrorMessage = "Rag:BotType must be a text of 1 to 100 characters.")]
    [MaxLength(100, ErrorMessage = "Rag:BotType must be a text of 1 to 100 characters.")]
    public string BotType { get; set; } = "GIT Policies";

    /// <summary>Most chunks in the library; each takes about 1 KiB of memory, and 6 KiB more with a vector of 1536 numbers.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Rag:MaxChunks must be a number from 1 to 1000000.")]
    public int MaxChunks { get; set; } = 20_000;

    /// <summary>Takes in the variable name that seed 000's clients document; the section's own key wins.</summary>
    /// <param name="configuration">The configuration.</param>
    internal void TakeAliases(IConfiguration configuration)
    {
        if (configuration["RAG_BOT_TYPE"] is { Length: > 0 } botType)
        {
            BotType = botType;
        }
    }
}

/// <summary>Stops the start where the catalogue has no such models: the first question would find out otherwise.</summary>
internal sealed class RagOptionsValidator(IModelNames models) : IValidateOptions<RagOptions>
{
    public ValidateOptionsResult Validate(string? name, RagOptions options)
    {
        var failures = new List<string>();
        if (!models.IsChatModel(options.Model))
        {
            failures.Add($"Rag:Model must name a chat model of the catalogue, not '{options.Model}'.");
        }

        if (!models.IsEmbeddingModel(options.EmbeddingModel))
        {
            failures.Add($"Rag:EmbeddingModel must name an embedding model of the catalogue, not '{options.EmbeddingModel}'.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

/// <summary>Configuration section <c>DocumentIntelligence</c>: reads PDF, scans included. Unset, <c>pdftotext</c> reads them.</summary>
public sealed class DocumentIntelligenceOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "DocumentIntelligence";

    /// <summary>Address of the Azure resource, https (http on loopback alone).</summary>
    public string? Endpoint { get; set; }

    /// <summary>The resource's key.</summary>
    public string? Key { get; set; }

    /// <summary>Whether the service can be used.</summary>
    public bool IsConfigured => !string.IsNullOrEmpty(Endpoint);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
        {
            yield break;
        }

        if (!ServiceAddress.TryRead(Endpoint, out _))
        {
            yield return new ValidationResult("DocumentIntelligence:Endpoint must be an absolute https address.");
        }

        if (string.IsNullOrWhiteSpace(Key))
        {
            yield return new ValidationResult("DocumentIntelligence:Key must be set when DocumentIntelligence:Endpoint is.");
        }
    }

    /// <summary>Takes in the variable names that seed 000 documents; the section's own keys win.</summary>
    /// <param name="configuration">The configuration.</param>
    internal void TakeAliases(IConfiguration configuration)
    {
        Endpoint = configuration["AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT"];
        Key = configuration["AZURE_DOCUMENT_INTELLIGENCE_KEY"];
    }
}
