using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using AutoMapper;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Adds a row to the endpoint catalogue.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "manage endpoints")]
[Refuses(typeof(EndpointErrors), nameof(EndpointErrors.PathTakenBy), nameof(EndpointErrors.NotAdded))]
public sealed record AddEndpointCommand : IRequest<EndpointView>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>Display path, unique; a leading slash is added where it lacks, and counts.</summary>
    /// <example>/reports/monthly</example>
    [Required]
    [MaxLength(Endpoint.MaxPathLength)]
    public Supplied<string> EndpointPath { get; init; }

    /// <summary>Display name.</summary>
    /// <example>Monthly report</example>
    [Required]
    [MaxLength(Endpoint.MaxNameLength)]
    public Supplied<string> EndpointName { get; init; }

    /// <summary>What the route does.</summary>
    /// <example>Writes the report of a month</example>
    [MaxLength(Endpoint.MaxDescriptionLength)]
    [DefaultValue("")]
    public Supplied<string> Description { get; init; }

    /// <summary>Whether the route is served.</summary>
    [DefaultValue(true)]
    public Supplied<bool> Active { get; init; }

    /// <summary>Whole credits a call; digits as text are read as well.</summary>
    [Range(1, Endpoint.MaxCost)]
    [DefaultValue(1)]
    public Supplied<IntegerOrText> Cost { get; init; }
}

internal sealed class AddEndpointValidator : OrderedValidator<AddEndpointCommand>
{
    public AddEndpointValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("endpoint_path", command => command.EndpointPath), ("endpoint_name", command => command.EndpointName));
        Require(command => command.Cost.IsAbsentOr(_ => true), EndpointErrors.CostNotInteger);
        Require(command => command.Cost.IsAbsentOr(cost => cost.Value > 0), EndpointErrors.CostNotPositive);
        Require(command => command.Cost.IsAbsentOr(cost => cost.Value <= Endpoint.MaxCost), EndpointErrors.CostTooHigh);
        Require(
            command => EndpointErrors.IsPath(command.EndpointPath.Value),
            RequestErrors.Invalid($"endpoint_path must be a string of at most {Endpoint.MaxPathLength} characters"));
        RequireText("endpoint_name", command => command.EndpointName, Endpoint.MaxNameLength);
        RequireText("description", command => command.Description, Endpoint.MaxDescriptionLength);
        Require(command => command.Active.IsAbsentOr(_ => true), RequestErrors.Invalid("active must be true or false"));
    }
}

internal sealed class AddEndpointHandler(IOperationsDb db, IConfigurationProvider maps, TimeProvider time)
    : IRequestHandler<AddEndpointCommand, EndpointView>
{
    public async Task<EndpointView> Handle(AddEndpointCommand command, CancellationToken cancellationToken)
    {
        var endpoint = Compose(command, time.GetUtcNow());
        if (await FindRivalAsync(endpoint, cancellationToken) is { } rival)
        {
            throw new RefusedException(Taken(endpoint, rival));
        }

        await BindAsync(endpoint, cancellationToken);
        db.Endpoints.Add(endpoint);
        if (await db.TrySaveEndpointAsync(EndpointErrors.NotAdded, cancellationToken) is { } conflict)
        {
            throw new RefusedException(Taken(endpoint, await FindRivalAsync(endpoint, cancellationToken)), conflict);
        }

        return maps.CreateMapper().Map<EndpointView>(endpoint);
    }

    private static Endpoint Compose(AddEndpointCommand command, DateTimeOffset now)
    {
        var cost = (int)command.Cost.Or(new IntegerOrText(1)).Value;
        var endpoint = new Endpoint(
            command.EndpointName.Value, command.EndpointPath.Value, command.Description.Or(string.Empty), cost, now);
        if (!command.Active.Or(true))
        {
            endpoint.Serve(active: false, now);
        }

        return endpoint;
    }

    private static Error Taken(Endpoint endpoint, Guid? rival) =>
        rival is null ? EndpointErrors.PathTaken(endpoint.Path) : EndpointErrors.PathTakenBy(endpoint.Path, rival.Value);

    private Task<Guid?> FindRivalAsync(Endpoint endpoint, CancellationToken cancellationToken) => db.Endpoints
        .Where(other => other.Path == endpoint.Path || (endpoint.RouteKey != null && other.RouteKey == endpoint.RouteKey))
        .Select(other => (Guid?)other.Id)
        .FirstOrDefaultAsync(cancellationToken);

    /// <summary>A metered route that lost its row is priced again by adding its documented path.</summary>
    private async Task BindAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        if (MeteredRoutes.At(endpoint.Path) is { Key: var key }
            && !await db.Endpoints.AnyAsync(other => other.RouteKey == key, cancellationToken))
        {
            endpoint.BindTo(key);
        }
    }
}
