using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Administers accounts (seed 000, rows S0-04 to S0-06, S0-X1 and S0-X3).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class UsersController(IMediator mediator) : ControllerBase
{
    /// <summary>Opens an account and makes its API key.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The account; its key is shown only now.</response>
    [HttpPost("/admin/create-user")]
    [RouteKey("identity.create-user")]
    [UnexpectedError("Error creating user")]
    [ProducesResponseType<CreatedUserReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([JsonBody] CreateUserCommand command, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(command, cancellationToken);
        Response.Headers.CacheControl = "no-store";
        return StatusCode(
            StatusCodes.Status201Created, new CreatedUserReply("User created successfully", created.UserId, created.ApiKey));
    }
}

/// <summary>A new account.</summary>
/// <param name="Message" example="User created successfully">What happened.</param>
/// <param name="UserId">The account.</param>
/// <param name="ApiKey" example="6f9619ff-8b86-4011-b42d-00c04fc964ff">Its key, shown only now; send it as <c>API-Key</c>.</param>
public sealed record CreatedUserReply(string Message, Guid UserId, string ApiKey);
