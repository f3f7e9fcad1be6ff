using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>Conversations a day (seed 004).</summary>
[ErrorShape(ErrorShape.FastApi)]
public sealed class ConversationsController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";
    private const string InvalidKey = "Invalid API key";
    private const string Unauthenticated = "Invalid authentication credentials";

    /// <summary>Says whose key it is, and takes one of the day's conversations.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The key is in force, and there was one.</response>
    [HttpPost("/api/v1/auth/verify-key")]
    [RouteKey("metering.verify-key")]
    [Sends<VerifyKeyCommand>]
    [UnauthenticatedWords(InvalidKey)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<VerifiedKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> VerifyKey(CancellationToken cancellationToken)
    {
        var key = await mediator.Send(new VerifyKeyCommand(), cancellationToken);
        return Ok(new VerifiedKeyReply(true, key.Username, key.Remaining));
    }

    /// <summary>Gives everybody the day's conversations anew.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">They have them.</response>
    [HttpPost("/api/v1/admin/reset-limits")]
    [RouteKey("metering.reset-conversations")]
    [Sends<ResetConversationsCommand>]
    [UnauthenticatedWords(Unauthenticated)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ResetReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Reset(CancellationToken cancellationToken)
    {
        await mediator.Send(new ResetConversationsCommand(), cancellationToken);
        return Ok(new ResetReply("All user limits reset successfully"));
    }
}

/// <summary>A key that is in force.</summary>
/// <param name="Valid" example="true">Always <c>true</c>.</param>
/// <param name="Username" example="testuser">Whose it is.</param>
/// <param name="RemainingConversations" example="9">Conversations left today.</param>
public sealed record VerifiedKeyReply(bool Valid, string Username, long RemainingConversations);

/// <summary>What was done.</summary>
/// <param name="Message" example="All user limits reset successfully">Always the same.</param>
public sealed record ResetReply(string Message);
