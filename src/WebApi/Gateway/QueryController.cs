using AiPlatform.Application.Gateway;
using AiPlatform.Application.Operations;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>The answer to a query.</summary>
/// <param name="Response" example="The Nile, the Congo and the Niger.">What the model wrote.</param>
/// <param name="WalletBalance" example="899">What the wallet has after the call, in whole US cents, rounded down.</param>
/// <param name="Model" example="gpt-4o-mini">The model that was chosen.</param>
/// <param name="InputTokens" example="14">Tokens of the query.</param>
/// <param name="OutputTokens" example="11">Tokens of the answer.</param>
/// <param name="CostCents" example="0.00087">What the call cost, in US cents.</param>
public sealed record QueryReply(string Response, long WalletBalance, string Model, int InputTokens, int OutputTokens, decimal CostCents)
{
    internal static QueryReply Of(QueryAnswer answer) => new(
        answer.Response,
        MeterUnits.ToCents(answer.WalletBalance),
        answer.Model,
        answer.InputTokens,
        answer.OutputTokens,
        answer.Cost / (decimal)MeterUnits.PerCent);
}

/// <summary>Queries that leave the choice of their model to the platform.</summary>
[ErrorShape(ErrorShape.FastApi)]
[ErrorWords("wallet_too_low", "Insufficient balance to process query")]
[ErrorWords("invalid_api_key", "Invalid API key")]
[UnauthenticatedWords("Unauthorized")]
public sealed class QueryController(IMediator mediator) : ControllerBase
{
    /// <summary>Asks the model that is nearest to the price, quality and speed that are wanted. The wallet pays.</summary>
    /// <param name="command">The query and what is wanted.</param>
    /// <param name="userQuery">The query, where the body has none.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The answer, and what it cost.</response>
    [HttpPost("/query")]
    [BodyExample("""{"user_query":"Name three rivers of Africa.","user_input":{"Cost":0.2,"Performance":0.8,"latency":0.1}}""")]
    [RouteKey(MeteredRoutes.Query)]
    [UnexpectedError("The query could not be completed")]
    [ProducesResponseType<QueryReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Query(
        [JsonBody] QueryModelCommand command, [FromQuery(Name = "user_query")] string? userQuery, CancellationToken cancellationToken)
    {
        var request = command.UserQuery.IsLeftOut ? command with { UserQuery = Text(userQuery) } : command;
        return Ok(QueryReply.Of(await mediator.Send(request, cancellationToken)));
    }

    /// <summary>A text of the query string; unlike other values there it may have several lines.</summary>
    private static Supplied<string> Text(string? value) =>
        value is null ? default : value.Contains('\0', StringComparison.Ordinal) ? Supplied<string>.Mistyped : value;
}
