using AiPlatform.Application.Content;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Content;

/// <summary>Answers questions from documents (seed 000, row S0-21).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class RagController(IMediator mediator) : ControllerBase
{
    /// <summary>Answers a question from the indexed documents and from nothing else.</summary>
    /// <param name="request">The question, at most 4000 characters, and whether to list sources (yes by default).</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer.</response>
    [HttpPost("/rag/query")]
    [HttpPost("/rag-query")]
    [RouteKey(MeteredRoutes.RagQuery)]
    [ErrorWords("token_invalid", "Invalid token - not found in database")]
    [UnexpectedError("Error processing RAG query")]
    [ProducesResponseType<RagReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Query([JsonBody] QueryDocumentsQuery request, CancellationToken cancellationToken)
    {
        var answer = await mediator.Send(request, cancellationToken);
        Response.Headers[ProviderHeader.Name] = answer.Provider;
        return Ok(RagReply.Of(answer));
    }
}

/// <summary>An answer from the documents.</summary>
/// <param name="Response" example="200">Always <c>200</c>.</param>
/// <param name="Answer" example="The notice period is thirty days.">The answer, with the sources at its end where they were asked for.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="UserName" example="Ada Lovelace">Their name.</param>
/// <param name="UserEmail" example="ada@example.com">Their address.</param>
/// <param name="BotType" example="GIT Policies">What the assistant is called.</param>
/// <param name="InputTokens">Tokens of the prompt, as the provider counted.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="OutputTokens">Both together, despite its name.</param>
/// <param name="ConversationId">Names this answer; nothing is kept under it.</param>
/// <param name="Sources">The documents that the model was shown, each once.</param>
public sealed record RagReply(
    string Response,
    string Answer,
    Guid UserId,
    string UserName,
    string UserEmail,
    string BotType,
    int InputTokens,
    int CompletionTokens,
    int OutputTokens,
    Guid ConversationId,
    IReadOnlyList<string> Sources)
{
    internal static RagReply Of(DocumentAnswer answer) => new(
        "200",
        answer.Answer,
        answer.Caller.UserId,
        answer.Caller.UserName,
        answer.Caller.Email,
        answer.BotType,
        answer.Usage.PromptTokens,
        answer.Usage.CompletionTokens,
        answer.Usage.TotalTokens,
        answer.ConversationId,
        answer.Sources);
}
