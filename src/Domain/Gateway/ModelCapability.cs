namespace AiPlatform.Domain.Gateway;

/// <summary>What a model can be asked to do.</summary>
public enum ModelCapability
{
    /// <summary>Completes a chat.</summary>
    Chat,

    /// <summary>Turns texts into vectors.</summary>
    Embeddings,

    /// <summary>Makes images from a text.</summary>
    Images,

    /// <summary>Continues a bare text (OpenAI's older completions).</summary>
    Completions,

    /// <summary>Is served by its provider through OpenAI's responses as well.</summary>
    Responses,
}
