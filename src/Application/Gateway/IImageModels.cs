namespace AiPlatform.Application.Gateway;

/// <summary>An image to make.</summary>
/// <param name="Model">Public name of the model.</param>
/// <param name="Text">What it shows.</param>
/// <param name="Size">Width and height in pixels, <c>1024x1024</c>.</param>
/// <param name="Quality"><c>standard</c> or <c>hd</c>.</param>
/// <param name="Style"><c>vivid</c> or <c>natural</c>.</param>
public sealed record ImagePrompt(string Model, string Text, string Size, string Quality, string Style);

/// <summary>An image that a model made.</summary>
/// <param name="Png">The image, a PNG.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="PromptTokens">Tokens of the prompt; zero where the provider does not say.</param>
public sealed record GeneratedImage(ReadOnlyMemory<byte> Png, string Provider, int PromptTokens);

/// <summary>Makes images with models by their public names.</summary>
public interface IImageModels
{
    /// <summary>Makes one image.</summary>
    /// <param name="prompt">What to make.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    /// <exception cref="Domain.Shared.RefusedException">The provider refused the request, failed, or is not configured.</exception>
    Task<GeneratedImage> GenerateAsync(ImagePrompt prompt, CancellationToken cancellationToken);
}
