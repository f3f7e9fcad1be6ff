using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Administers teams, whose members share limits.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class TeamsController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists teams, by name.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The teams.</response>
    [HttpGet("/admin/teams")]
    [RouteKey("identity.list-teams")]
    [Sends<ListTeamsQuery>]
    [UnexpectedError("Error retrieving teams")]
    [ProducesResponseType<TeamsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var teams = await mediator.Send(new ListTeamsQuery(), cancellationToken);
        return Ok(new TeamsReply([.. teams.Select(TeamReply.Of)], teams.Count));
    }

    /// <summary>Founds a team.</summary>
    /// <param name="command">The team.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The team.</response>
    [HttpPost("/admin/create-team")]
    [RouteKey("identity.create-team")]
    [UnexpectedError("Error creating team")]
    [ProducesResponseType<TeamReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([JsonBody] CreateTeamCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, TeamReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Moves an account into a team, or out of every team; the team's limits bind its calls from then on.</summary>
    /// <param name="command">The account and the team.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account's team.</response>
    [HttpPost("/admin/assign-team")]
    [RouteKey("identity.assign-team")]
    [UnexpectedError("Error assigning team")]
    [ProducesResponseType<TeamMembershipReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Assign([JsonBody] AssignTeamCommand command, CancellationToken cancellationToken)
    {
        var membership = await mediator.Send(command, cancellationToken);
        return Ok(new TeamMembershipReply("Team assigned successfully", membership.UserId, membership.TeamId));
    }
}

/// <summary>A team.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="TeamName" example="Research">Its name.</param>
/// <param name="Members" example="3">How many accounts belong to it.</param>
public sealed record TeamReply(Guid TeamId, string TeamName, int Members)
{
    internal static TeamReply Of(TeamSummary team) => new(team.Id, team.Name, team.Members);
}

/// <summary>Teams.</summary>
/// <param name="Teams">The teams, by name; at most 1,000.</param>
/// <param name="Count">How many are listed.</param>
public sealed record TeamsReply(IReadOnlyList<TeamReply> Teams, int Count);

/// <summary>The team of an account.</summary>
/// <param name="Message" example="Team assigned successfully">What happened.</param>
/// <param name="UserId">The account.</param>
/// <param name="TeamId">Its team; <c>null</c> for none.</param>
public sealed record TeamMembershipReply(string Message, Guid UserId, Guid? TeamId);
