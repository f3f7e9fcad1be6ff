using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Teams (seed 002).</summary>
[ErrorShape(ErrorShape.Detail)]
[BearerWords]
public sealed class AccountTeamsController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Lists teams.</summary>
    /// <param name="teams">Which teams, and in which order.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">A page of teams; <c>X-Total-Count</c> says how many there are.</response>
    [HttpGet("/teams")]
    [RouteKey("identity.list-account-teams")]
    [Sends<ListAccountTeamsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<AccountTeamReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] AccountTeamFilter teams, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(teams.ToQuery(), cancellationToken);
        TotalCount.Set(Response, page.Total);
        return Ok(page.Teams.Select(AccountTeamReply.Of).ToList());
    }

    /// <summary>Founds a team.</summary>
    /// <param name="command">The team.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The team.</response>
    [HttpPost("/teams")]
    [RouteKey("identity.found-team")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<AccountTeamReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Found([JsonBody] FoundTeamCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, AccountTeamReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Shows a team.</summary>
    /// <param name="teamId">The team's number.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The team.</response>
    [HttpGet("/teams/{team_id}")]
    [RouteKey("identity.get-team")]
    [Sends<GetTeamQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<AccountTeamReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromRoute(Name = "team_id")] string teamId, CancellationToken cancellationToken) =>
        Ok(AccountTeamReply.Of(await mediator.Send(new GetTeamQuery(QueryText.Integer(teamId)), cancellationToken)));

    /// <summary>Changes a team.</summary>
    /// <param name="teamId">The team's number.</param>
    /// <param name="command">What changes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The team.</response>
    [HttpPut("/teams/{team_id}")]
    [RouteKey("identity.change-team")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<AccountTeamReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change(
        [FromRoute(Name = "team_id")] string teamId, [JsonBody] ChangeTeamCommand command, CancellationToken cancellationToken) =>
        Ok(AccountTeamReply.Of(await mediator.Send(command with { TeamId = QueryText.Integer(teamId) }, cancellationToken)));

    /// <summary>Closes a team without members.</summary>
    /// <param name="teamId">The team's number.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The team is gone.</response>
    [HttpDelete("/teams/{team_id}")]
    [RouteKey("identity.close-team")]
    [Sends<CloseTeamCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Close([FromRoute(Name = "team_id")] string teamId, CancellationToken cancellationToken)
    {
        await mediator.Send(new CloseTeamCommand(QueryText.Integer(teamId)), cancellationToken);
        return Ok(new MessageReply("Team deleted successfully"));
    }
}

/// <summary>Which teams.</summary>
public sealed record AccountTeamFilter
{
    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Teams of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, 100)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    /// <summary><c>id</c>, <c>name</c> or <c>created_at</c>.</summary>
    [FromQuery(Name = "sort_by")]
    [DefaultValue("id")]
    public string? SortBy { get; init; }

    /// <summary><c>asc</c> or <c>desc</c>.</summary>
    [FromQuery(Name = "sort_order")]
    [DefaultValue("asc")]
    public string? SortOrder { get; init; }

    /// <summary>Only teams whose name or address contains this text.</summary>
    [FromQuery(Name = "filter")]
    [MaxLength(Team.MaxNameLength)]
    public string? Filter { get; init; }

    internal ListAccountTeamsQuery ToQuery() => new()
    {
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
        SortBy = QueryText.Text(SortBy),
        SortOrder = QueryText.Text(SortOrder),
        Filter = QueryText.Text(Filter),
    };
}
