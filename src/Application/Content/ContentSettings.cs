namespace AiPlatform.Application.Content;

/// <summary>Where files go and how long their links are good.</summary>
/// <param name="UploadContainer">The container of uploads.</param>
/// <param name="ImageContainer">The container of images that models made.</param>
/// <param name="FileUrlLifetime">How long a link to an upload is good.</param>
/// <param name="ImageUrlLifetime">How long a link to an image is good.</param>
public sealed record StorageSettings(string UploadContainer, string ImageContainer, TimeSpan FileUrlLifetime, TimeSpan ImageUrlLifetime);

/// <summary>How documents are asked.</summary>
/// <param name="ChatModel">Public name of the model that answers.</param>
/// <param name="EmbeddingModel">Public name of the model that makes vectors.</param>
/// <param name="BotType">What the answers call the assistant.</param>
/// <param name="MaxChunks">Most chunks in the library, which is kept in memory for searching.</param>
public sealed record RagSettings(string ChatModel, string EmbeddingModel, string BotType, int MaxChunks);
