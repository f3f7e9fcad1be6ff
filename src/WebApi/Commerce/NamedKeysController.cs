using AiPlatform.Application.Commerce;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Commerce;

/// <summary>API keys that the wallet pays (seed 001).</summary>
[ErrorShape(ErrorShape.FastApi)]
[UnauthenticatedWords("Unauthorized")]
public sealed class NamedKeysController(IMediator mediator) : ControllerBase
{
    private const string Failed = "An error occurred";

    /// <summary>Sells the caller an API key for 100 cents of the wallet.</summary>
    /// <param name="command">What the key is called.</param>
    /// <param name="apiName">The name, where the body has none.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The key; it is shown only now.</response>
    [HttpPost("/generate-api")]
    [RouteKey("commerce.generate-key")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<GeneratedKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Generate(
        [JsonBody] GenerateNamedKeyCommand command, [FromQuery(Name = "api_name")] string? apiName, CancellationToken cancellationToken)
    {
        var request = command.ApiName.IsLeftOut ? command with { ApiName = QueryText.Text(apiName) } : command;
        var generated = await mediator.Send(request, cancellationToken);
        return Ok(new GeneratedKeyReply(generated.Secret, "active", MeterUnits.ToCents(generated.WalletBalance)));
    }

    /// <summary>Switches one of the caller's keys on or off. There must be something in the wallet for one that is switched on.</summary>
    /// <param name="command">Whether the key is accepted from now on.</param>
    /// <param name="apiName">The key, by its name.</param>
    /// <param name="isActive">Whether it is accepted, where the body does not say.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is so from now on.</response>
    [HttpPut("/api-key/{api_name}/status")]
    [HttpPatch("/api-key/{api_name}/status")]
    [HttpPost("/api-key/{api_name}/status")]
    [RouteKey("commerce.switch-key")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Switch(
        [JsonBody] SwitchNamedKeyCommand command,
        [FromRoute(Name = "api_name")] string apiName,
        [FromQuery(Name = "is_active")] string? isActive,
        CancellationToken cancellationToken)
    {
        var active = command.IsActive.IsLeftOut ? QueryText.Flag(isActive) : command.IsActive;
        await mediator.Send(command with { Name = apiName, IsActive = active }, cancellationToken);
        return Ok(new MessageReply($"API key status updated to {(active.Value ? "active" : "inactive")}"));
    }

    /// <summary>Switches one of the caller's keys off. It stays in the list and can be switched on again.</summary>
    /// <param name="apiName">The key, by its name.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is refused from now on.</response>
    [HttpDelete("/api-key/{api_name}")]
    [HttpPut("/api-key/{api_name}")]
    [HttpPatch("/api-key/{api_name}")]
    [HttpPost("/api-key/{api_name}")]
    [RouteKey("commerce.revoke-key")]
    [Sends<RevokeNamedKeyCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<RevokedKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Revoke([FromRoute(Name = "api_name")] string apiName, CancellationToken cancellationToken)
    {
        await mediator.Send(new RevokeNamedKeyCommand(apiName), cancellationToken);
        return Ok(new RevokedKeyReply("API key revoked", "inactive"));
    }

    /// <summary>Deletes one of the caller's keys for good. What it cost is not paid back.</summary>
    /// <param name="apiName">The key, by its name.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">There is no such key any more.</response>
    [HttpDelete("/api-key/{api_name}/delete")]
    [HttpPost("/api-key/{api_name}/delete")]
    [RouteKey("commerce.delete-key")]
    [Sends<DeleteNamedKeyCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([FromRoute(Name = "api_name")] string apiName, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteNamedKeyCommand(apiName), cancellationToken);
        return Ok(new MessageReply("API key deleted"));
    }

    /// <summary>Lists the caller's keys, oldest first.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The keys, without their secrets, at most 100; and what is in the wallet.</response>
    [HttpGet("/api-keys")]
    [RouteKey("commerce.list-keys")]
    [Sends<ListNamedKeysQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<NamedKeysReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var own = await mediator.Send(new ListNamedKeysQuery(), cancellationToken);
        return Ok(new NamedKeysReply([.. own.Keys.Select(NamedKeyReply.Of)], MeterUnits.ToCents(own.WalletBalance)));
    }
}

/// <summary>A key that was bought.</summary>
/// <param name="ApiKey" example="3f1c5e0a9b7d8264f0e1d2c3b4a5968778695a4b3c2d1e0f4628d7b9a0e5c1f3">The key, shown only now.</param>
/// <param name="Status" example="active">Always <c>active</c>.</param>
/// <param name="WalletBalance" example="400">What the wallet has left, in whole US cents, rounded down.</param>
public sealed record GeneratedKeyReply(string ApiKey, string Status, long WalletBalance);

/// <summary>A key that was switched off.</summary>
/// <param name="Message" example="API key revoked">What happened.</param>
/// <param name="Status" example="inactive">Always <c>inactive</c>.</param>
public sealed record RevokedKeyReply(string Message, string Status);

/// <summary>The caller's keys.</summary>
/// <param name="ApiKeys">The keys.</param>
/// <param name="WalletBalance" example="400">What is in the wallet, in whole US cents, rounded down.</param>
public sealed record NamedKeysReply(IReadOnlyList<NamedKeyReply> ApiKeys, long WalletBalance);

/// <summary>A key without its secret.</summary>
/// <param name="Key" example="3f1c…c1f3">Its first and last four characters.</param>
/// <param name="ApiName" example="My key">What it is called.</param>
/// <param name="IsActive" example="true">Whether it is accepted.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was made, UTC.</param>
public sealed record NamedKeyReply(string Key, string ApiName, bool IsActive, string CreatedAt)
{
    internal static NamedKeyReply Of(NamedKey key) => new(key.Preview, key.Name, key.Active, UtcText.Of(key.CreatedAt));
}
