using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Models in OpenAI's form.</summary>
/// <param name="Data">The models.</param>
public sealed record ModelsReply(IReadOnlyList<ModelReplyItem> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    /// <example>list</example>
    [JsonPropertyName("object")]
    public string Kind => "list";
}

/// <summary>A model in OpenAI's form.</summary>
/// <param name="Id" example="gpt-4o-mini">Its public name.</param>
/// <param name="OwnedBy" example="gpt-4o">Its family.</param>
/// <param name="Capabilities">What it can be asked to do.</param>
/// <param name="MaxOutputTokens" example="16384">Most tokens of an answer.</param>
public sealed record ModelReplyItem(string Id, string OwnedBy, IReadOnlyList<string> Capabilities, int MaxOutputTokens)
{
    /// <summary>Always <c>model</c>.</summary>
    /// <example>model</example>
    [JsonPropertyName("object")]
    public string Kind => "model";

    /// <summary>OpenAI tells when it made a model; the platform does not know, and says zero.</summary>
    public long Created => 0;

    internal static ModelReplyItem Of(CatalogueModel model) =>
        new(model.Name, model.Family, [.. model.Capabilities.Select(capability => capability.ToString().ToLowerInvariant())], model.MaxAnswerTokens);
}
