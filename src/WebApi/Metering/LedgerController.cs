using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>Shows the ledger and proves that it adds up.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class LedgerController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists entries, newest first. Amounts are in the smallest unit of the entry's meter.</summary>
    /// <param name="filter">Which entries, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/ledger/entries")]
    [RouteKey("metering.list-ledger-entries")]
    [Sends<ListLedgerEntriesQuery>]
    [UnexpectedError("Error retrieving ledger entries")]
    [ProducesResponseType<LedgerEntryPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] LedgerEntryFilter filter, CancellationToken cancellationToken) =>
        Ok(LedgerEntryPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Holds every account against the sum of its entries and its open holds.</summary>
    /// <remarks>
    /// Calls that run meanwhile never show as differences. A large ledger is reconciled piece by piece: pass
    /// <c>next_cursor</c> as <c>cursor</c> until it is <c>null</c>.
    /// </remarks>
    /// <param name="filter">Which part of the ledger.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What was found, whether or not the books balance.</response>
    [HttpGet("/admin/ledger/reconcile")]
    [RouteKey("metering.reconcile-ledger")]
    [Sends<ReconcileLedgerQuery>]
    [UnexpectedError("Error reconciling the ledger")]
    [ProducesResponseType<ReconciliationReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Reconcile([FromQuery] ReconciliationFilter filter, CancellationToken cancellationToken) =>
        Ok(ReconciliationReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));
}
