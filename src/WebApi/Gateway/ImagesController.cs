using AiPlatform.Application.Gateway;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Makes images (seed 000, row S0-12).</summary>
[ErrorShape(ErrorShape.AiFrameworkModel)]
[ErrorWords("token_invalid", "Invalid token - not found in database")]
public sealed class ImagesController(IMediator mediator) : ControllerBase
{
    /// <summary>Makes an image with DALL-E 3 and keeps it.</summary>
    /// <param name="command">The image.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Where the image is.</response>
    [HttpPost("/image-generation/dalle3")]
    [HttpPost("/image/generate")]
    [RouteKey(MeteredRoutes.Dalle3)]
    [UnexpectedError("The image could not be generated")]
    [ProducesResponseType<GeneratedImageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Generate([JsonBody] GenerateImageCommand command, CancellationToken cancellationToken)
    {
        var reply = await mediator.Send(command, cancellationToken);
        Response.Headers[ProviderHeader.Name] = reply.Provider;
        Response.Headers.CacheControl = "no-store";
        return Ok(GeneratedImageReply.Of(reply));
    }
}

/// <summary>An image that was made and kept.</summary>
public sealed record GeneratedImageReply
{
    /// <summary>Always <c>200</c>.</summary>
    /// <example>200</example>
    public string Response { get; } = "200";

    /// <summary>Always <c>Image generated successfully</c>.</summary>
    /// <example>Image generated successfully</example>
    public string Message { get; } = "Image generated successfully";

    /// <summary>Reads the image, a PNG, for 24 hours; whoever has it can read it.</summary>
    /// <example>http://localhost:8080/files/dalle-images/image-0195f3a26c1e.png?exp=1741262400&amp;sig=c2ln</example>
    public required string ImageUrl { get; init; }

    /// <summary>Tokens of the prompt; zero where the provider does not say.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Their name.</summary>
    /// <example>Ada Lovelace</example>
    public required string UserName { get; init; }

    /// <summary>Their address.</summary>
    /// <example>ada@example.com</example>
    public required string UserEmail { get; init; }

    /// <summary>The model that was asked for.</summary>
    /// <example>dall-e-3</example>
    public required string Model { get; init; }

    internal static GeneratedImageReply Of(ImageReply reply) => new()
    {
        ImageUrl = reply.ImageUrl,
        PromptTokens = reply.PromptTokens,
        UserId = reply.Caller.UserId,
        UserName = reply.Caller.UserName,
        UserEmail = reply.Caller.Email,
        Model = reply.Model,
    };
}
