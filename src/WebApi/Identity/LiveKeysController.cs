using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>API keys of the caller (seed 003).</summary>
[ErrorShape(ErrorShape.FastApi)]
[BearerWords]
public sealed class LiveKeysController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Makes an API key.</summary>
    /// <param name="command">The key.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The key; its secret is shown only now.</response>
    [HttpPost("/api/keys")]
    [RouteKey("identity.create-live-key")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<CreatedLiveKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Create([JsonBody] CreateLiveKeyCommand command, CancellationToken cancellationToken) =>
        Ok(CreatedLiveKeyReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Lists the caller's API keys, oldest first.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The keys, without their secrets; at most 100.</response>
    [HttpGet("/api/keys")]
    [RouteKey("identity.list-live-keys")]
    [Sends<ListLiveKeysQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<LiveKeyReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(CancellationToken cancellationToken) =>
        Ok((await mediator.Send(new ListLiveKeysQuery(), cancellationToken)).Select(LiveKeyReply.Of).ToList());

    /// <summary>Revokes one of the caller's API keys.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is refused from now on.</response>
    [HttpDelete("/api/keys/{key_id}")]
    [RouteKey("identity.revoke-live-key")]
    [Sends<RevokeLiveKeyCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<RevokedLiveKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Revoke([FromRoute(Name = "key_id")] string keyId, CancellationToken cancellationToken)
    {
        var revoked = await mediator.Send(new RevokeLiveKeyCommand(keyId), cancellationToken);
        return Ok(new RevokedLiveKeyReply("API key revoked successfully", revoked.ToString("D")));
    }

    /// <summary>Tells whose an API key is.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The key is in force.</response>
    [HttpGet("/api/keys/validate")]
    [RouteKey("identity.validate-key")]
    [Sends<ValidateKeyQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ValidKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Validate(CancellationToken cancellationToken) =>
        Ok(new ValidKeyReply(true, (await mediator.Send(new ValidateKeyQuery(), cancellationToken)).ToString("D")));
}

/// <summary>A new API key.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The key.</param>
/// <param name="Name" example="My key">What it is called.</param>
/// <param name="ApiKey" example="sk_live_shown-only-now">The secret, shown only now.</param>
/// <param name="KeyPreview" example="sk_live_AbCd...">Its first characters.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was made, UTC.</param>
/// <param name="ExpiresAt" example="2024-03-31T00:00:00Z">When it ends, UTC; <c>null</c> for a key that stays.</param>
public sealed record CreatedLiveKeyReply(string Id, string? Name, string ApiKey, string KeyPreview, string CreatedAt, string? ExpiresAt)
{
    internal static CreatedLiveKeyReply Of(CreatedLiveKey created) => new(
        created.Key.Id.ToString("D"),
        created.Key.Name,
        created.Secret,
        created.Key.Preview,
        UtcText.Of(created.Key.CreatedAt),
        created.Key.ExpiresAt is { } at ? UtcText.Of(at) : null);
}

/// <summary>An API key without its secret.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The key.</param>
/// <param name="Name" example="My key">What it is called.</param>
/// <param name="KeyPreview" example="sk_live_AbCd...">Its first characters.</param>
/// <param name="IsActive" example="true">Whether it is accepted.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was made, UTC.</param>
/// <param name="ExpiresAt" example="2024-03-31T00:00:00Z">When it ends, UTC; <c>null</c> for a key that stays.</param>
public sealed record LiveKeyReply(string Id, string? Name, string KeyPreview, bool IsActive, string CreatedAt, string? ExpiresAt)
{
    internal static LiveKeyReply Of(LiveKeyView key) => new(
        key.Id.ToString("D"), key.Name, key.Preview, key.Active, UtcText.Of(key.CreatedAt), key.ExpiresAt is { } at ? UtcText.Of(at) : null);
}

/// <summary>A key that was revoked.</summary>
/// <param name="Message" example="API key revoked successfully">What happened.</param>
/// <param name="KeyId" example="01890a5d-ac96-774b-bcce-b302099a8057">The key.</param>
public sealed record RevokedLiveKeyReply(string Message, string KeyId);

/// <summary>A key that is in force.</summary>
/// <param name="Valid" example="true">Always <c>true</c>.</param>
/// <param name="UserId" example="01890a5d-ac96-774b-bcce-b302099a8057">Whose it is.</param>
public sealed record ValidKeyReply(bool Valid, string UserId);
