using AiPlatform.Application.Gateway;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Asks a model (seed 000, rows S0-16 to S0-20).</summary>
[ErrorShape(ErrorShape.AiFrameworkModel)]
[ErrorWords("token_invalid", "Invalid token - not found in database")]
public sealed class LlmController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The model could not be asked";

    /// <summary>Asks DeepSeek-R1.</summary>
    /// <param name="command">The question.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/llm/deepseek-r1")]
    [RouteKey(MeteredRoutes.DeepSeekR1)]
    [TakesNoSampling]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelAnswerReply>(StatusCodes.Status200OK)]
    public Task<IActionResult> DeepSeekR1([JsonBody] AskModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(AskedModel.DeepSeekR1, command, cancellationToken);

    /// <summary>Asks Llama 3.1 405B.</summary>
    /// <param name="command">The question.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/llm/llama")]
    [RouteKey(MeteredRoutes.Llama)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelAnswerReply>(StatusCodes.Status200OK)]
    public Task<IActionResult> Llama([JsonBody] AskModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(AskedModel.Llama, command, cancellationToken);

    /// <summary>Asks GPT-4o mini.</summary>
    /// <param name="command">The question.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/llm/gpt-4o-mini")]
    [RouteKey(MeteredRoutes.Gpt4oMini)]
    [TakesNoSampling]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelAnswerReply>(StatusCodes.Status200OK)]
    public Task<IActionResult> Gpt4oMini([JsonBody] AskModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(AskedModel.Gpt4oMini, command, cancellationToken);

    /// <summary>Asks GPT-4o.</summary>
    /// <param name="command">The question.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/llm/gpt-4o")]
    [RouteKey(MeteredRoutes.Gpt4o)]
    [TakesNoSampling]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelAnswerReply>(StatusCodes.Status200OK)]
    public Task<IActionResult> Gpt4o([JsonBody] AskModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(AskedModel.Gpt4o, command, cancellationToken);

    /// <summary>Asks o1-mini, which takes no temperature: one that is sent is checked and left out.</summary>
    /// <param name="command">The question.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/llm/o1-mini")]
    [RouteKey(MeteredRoutes.O1Mini)]
    [TakesNoSampling]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelAnswerReply>(StatusCodes.Status200OK)]
    public Task<IActionResult> O1Mini([JsonBody] AskModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(AskedModel.O1Mini, command, cancellationToken);

    private async Task<IActionResult> AskAsync(AskedModel model, AskModelCommand command, CancellationToken cancellationToken)
    {
        var reply = await mediator.Send(command with { Model = model }, cancellationToken);
        Response.Headers[ProviderHeader.Name] = reply.Provider;
        return Ok(ModelAnswerReply.Of(reply));
    }
}

/// <summary>A model's answer.</summary>
public sealed record ModelAnswerReply
{
    /// <summary>Always <c>200</c>.</summary>
    /// <example>200</example>
    public string Response { get; } = "200";

    /// <summary>The answer's text.</summary>
    /// <example>The Nile, the Congo and the Niger.</example>
    public required string Message { get; init; }

    /// <summary>Who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Their name.</summary>
    /// <example>Ada Lovelace</example>
    public required string UserName { get; init; }

    /// <summary>Their address.</summary>
    /// <example>ada@example.com</example>
    public required string UserEmail { get; init; }

    /// <summary>The model that answered.</summary>
    /// <example>gpt-4o</example>
    public required string Model { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Prompt and answer together.</summary>
    public required int TotalTokens { get; init; }

    /// <summary>Tokens of the prompt that the provider had cached; zero where it does not say.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>The earlier name of <c>prompt_tokens</c>.</summary>
    public int InputTokens => PromptTokens;

    /// <summary>The earlier name of <c>total_tokens</c>; in spite of it, not the answer's tokens alone.</summary>
    public int OutputTokens => TotalTokens;

    internal static ModelAnswerReply Of(ModelReply reply) => new()
    {
        Message = reply.Message,
        UserId = reply.Caller.UserId,
        UserName = reply.Caller.UserName,
        UserEmail = reply.Caller.Email,
        Model = reply.Model,
        PromptTokens = reply.Usage.PromptTokens,
        CompletionTokens = reply.Usage.CompletionTokens,
        TotalTokens = reply.Usage.TotalTokens,
        CachedTokens = reply.Usage.CachedTokens ?? 0,
    };
}
