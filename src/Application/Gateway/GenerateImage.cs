using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Makes an image with DALL-E 3 and keeps it.</summary>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(GatewayErrors), nameof(GatewayErrors.NotConfigured), nameof(GatewayErrors.Rejections), nameof(GatewayErrors.Failed))]
public sealed record GenerateImageCommand : IRequest<ImageReply>, IMeteredRequest
{
    /// <summary>Most characters of the prompt.</summary>
    public const int MaxPromptLength = 4000;

    /// <summary>What the image shows.</summary>
    /// <example>A lighthouse at dawn, in watercolour</example>
    [Required]
    [MaxLength(MaxPromptLength)]
    public Supplied<string> Prompt { get; init; }

    /// <summary>The model.</summary>
    [AllowedValues("dall-e-3", "dalle3-hd")]
    [DefaultValue("dall-e-3")]
    public Supplied<string> Deployment { get; init; }

    /// <summary>Width and height in pixels.</summary>
    [AllowedValues("1024x1024", "1792x1024", "1024x1792")]
    [DefaultValue("1024x1024")]
    public Supplied<string> Size { get; init; }

    /// <summary>How much detail.</summary>
    [AllowedValues("standard", "hd")]
    [DefaultValue("standard")]
    public Supplied<string> Quality { get; init; }

    /// <summary>How much drama.</summary>
    [AllowedValues("vivid", "natural")]
    [DefaultValue("vivid")]
    public Supplied<string> Style { get; init; }
}

/// <summary>An image that was made and kept.</summary>
/// <param name="ImageUrl">Reads the image for 24 hours.</param>
/// <param name="PromptTokens">Tokens of the prompt; zero where the provider does not say.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Provider">The provider that served it.</param>
public sealed record ImageReply(string ImageUrl, int PromptTokens, Caller Caller, string Model, string Provider);

/// <summary>The values of the image route's choices; the first is the default.</summary>
internal static class ImageChoices
{
    public static readonly string[] Deployments = ["dall-e-3", "dalle3-hd"];
    public static readonly string[] Sizes = ["1024x1024", "1792x1024", "1024x1792"];
    public static readonly string[] Qualities = ["standard", "hd"];
    public static readonly string[] Styles = ["vivid", "natural"];
}

internal sealed class GenerateImageValidator : OrderedValidator<GenerateImageCommand>
{
    public GenerateImageValidator()
    {
        RequireBody();
        Require(
            command => command.Prompt.IsGiven && !string.IsNullOrWhiteSpace(command.Prompt.Value),
            RequestErrors.Invalid("Missing required field: prompt"));
        RequireText("prompt", command => command.Prompt, GenerateImageCommand.MaxPromptLength);
        RequireChoice("deployment", command => command.Deployment, ImageChoices.Deployments);
        RequireChoice("size", command => command.Size, ImageChoices.Sizes);
        RequireChoice("quality", command => command.Quality, ImageChoices.Qualities);
        RequireChoice("style", command => command.Style, ImageChoices.Styles);
    }

    private void RequireChoice(string name, Func<GenerateImageCommand, Supplied<string>> field, string[] choices) =>
        Require(
            command => field(command).IsAbsentOr(value => choices.Contains(value)),
            RequestErrors.Invalid($"Invalid {name}. Must be one of: {string.Join(", ", choices)}"));
}

internal sealed class GenerateImageBound : ICallBound<GenerateImageCommand>
{
    public ModelCallBound Of(GenerateImageCommand request) =>
        new(request.Deployment.Or(ImageChoices.Deployments[0]), 0, 0) { Images = BatchOf(request) };

    internal static ImageBatch BatchOf(GenerateImageCommand request) =>
        new(1, request.Size.Or(ImageChoices.Sizes[0]), request.Quality.Or(ImageChoices.Qualities[0]));
}

internal sealed class GenerateImageHandler(IImageModels models, IGeneratedImages images, CallRecord record, TimeProvider time)
    : IRequestHandler<GenerateImageCommand, ImageReply>
{
    public async Task<ImageReply> Handle(GenerateImageCommand request, CancellationToken cancellationToken)
    {
        var model = request.Deployment.Or(ImageChoices.Deployments[0]);
        var prompt = new ImagePrompt(
            model,
            request.Prompt.Value,
            request.Size.Or(ImageChoices.Sizes[0]),
            request.Quality.Or(ImageChoices.Qualities[0]),
            request.Style.Or(ImageChoices.Styles[0]));
        var image = await models.GenerateAsync(prompt, cancellationToken);
        var url = await images.StoreAsync($"image-{Guid.CreateVersion7(time.GetUtcNow())}.png", image.Png, cancellationToken);
        record.Deliver(new Delivery(model, image.Provider, new ModelUsage(0, 0, 0) { Images = GenerateImageBound.BatchOf(request) }));
        return new ImageReply(url, image.PromptTokens, record.RequiredCaller, model, image.Provider);
    }
}
