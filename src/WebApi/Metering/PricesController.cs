using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>Administers what models cost budgets and wallets.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class PricesController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists what models cost: every version, by model, the latest first.</summary>
    /// <param name="model">Only versions of this model.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The versions, at most 1,000.</response>
    [HttpGet("/admin/ledger/prices")]
    [RouteKey("metering.list-prices")]
    [Sends<ListPricesQuery>]
    [UnexpectedError("Error retrieving prices")]
    [ProducesResponseType<PricesReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery(Name = "model")] string? model, CancellationToken cancellationToken)
    {
        var prices = await mediator.Send(new ListPricesQuery { Model = QueryText.Text(model) }, cancellationToken);
        return Ok(new PricesReply([.. prices.Select(PriceReply.Of)], prices.Count));
    }

    /// <summary>Sets what a model's tokens and images cost, from now or from a later time on. Earlier charges stay what they were.</summary>
    /// <param name="command">The price.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The version.</response>
    [HttpPost("/admin/ledger/prices")]
    [RouteKey("metering.set-price")]
    [UnexpectedError("Error setting price")]
    [ProducesResponseType<PriceReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Set([JsonBody] SetPriceCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, PriceReply.Of(await mediator.Send(command, cancellationToken)));
}

/// <summary>One version of a model's price, in nano-USD (1,000,000,000 are one dollar).</summary>
/// <param name="PriceVersionId">The version, which charges record.</param>
/// <param name="Model" example="gpt-4o-mini">The model's public name.</param>
/// <param name="EffectiveFrom" example="2026-01-01T00:00:00Z">The first instant at which it applies, UTC.</param>
/// <param name="InputPerMillion" example="150000000">A million tokens of the prompt; <c>null</c> where the model is not sold by the token.</param>
/// <param name="CachedInputPerMillion" example="75000000">A million tokens of the prompt that the provider had cached; <c>null</c> where they cost as much.</param>
/// <param name="CacheWritePerMillion" example="187500000">A million tokens of the prompt that the provider wrote to its cache for its usual time; <c>null</c> where they cost as much.</param>
/// <param name="LongCacheWritePerMillion" example="300000000">A million tokens of the prompt that the provider wrote to its cache for an hour; <c>null</c> where they cost as much as the other writes.</param>
/// <param name="AnswerPerMillion" example="600000000">A million tokens of the answer.</param>
/// <param name="ReasoningPerMillion" example="600000000">A million tokens of the answer that the model thought with; <c>null</c> where they cost as much.</param>
/// <param name="Images">What images cost.</param>
/// <param name="Source" example="https://openai.com/api/pricing">Where the price is published, or why it was set.</param>
/// <param name="AsOf" example="2026-01-01">The day on which the source said so.</param>
/// <param name="SetBy">The administrator who set it; <c>null</c> for one that came with the platform.</param>
public sealed record PriceReply(
    Guid PriceVersionId,
    string Model,
    string EffectiveFrom,
    long? InputPerMillion,
    long? CachedInputPerMillion,
    long? CacheWritePerMillion,
    long? LongCacheWritePerMillion,
    long? AnswerPerMillion,
    long? ReasoningPerMillion,
    IReadOnlyList<ImagePriceReply> Images,
    string Source,
    DateOnly AsOf,
    Guid? SetBy)
{
    internal static PriceReply Of(ModelPrice price) => new(
        price.Id,
        price.Model,
        UtcText.ToTheSecond(price.EffectiveFrom),
        price.InputPerMillion,
        price.CachedInputPerMillion,
        price.CacheWritePerMillion,
        price.LongCacheWritePerMillion,
        price.AnswerPerMillion,
        price.ReasoningPerMillion,
        [.. price.Images.Select(image => new ImagePriceReply(image.Size, image.Quality, image.Amount))],
        price.Source,
        price.AsOf,
        price.ActorId);
}

/// <summary>What an image costs.</summary>
/// <param name="Size" example="1024x1024">Width and height in pixels.</param>
/// <param name="Quality" example="standard">The provider's word for it.</param>
/// <param name="Amount" example="40000000">Nano-USD an image.</param>
public sealed record ImagePriceReply(string Size, string Quality, long Amount);

/// <summary>Prices.</summary>
/// <param name="Prices">The versions, by model, the latest first.</param>
/// <param name="Count">How many are listed.</param>
public sealed record PricesReply(IReadOnlyList<PriceReply> Prices, int Count);
