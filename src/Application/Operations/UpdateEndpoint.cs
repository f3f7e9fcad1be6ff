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

/// <summary>Changes a row of the endpoint catalogue. Fields that are not sent stay as they are.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "update endpoints")]
[Refuses(typeof(EndpointErrors), nameof(EndpointErrors.NotFound), nameof(EndpointErrors.PathTaken))]
[Refuses(typeof(EndpointErrors), nameof(EndpointErrors.CostNotInteger), nameof(EndpointErrors.CostNotPositive), nameof(EndpointErrors.CostTooHigh))]
[Refuses(typeof(EndpointErrors), nameof(EndpointErrors.NotUpdated))]
public sealed record UpdateEndpointCommand : IRequest<UpdatedEndpoint>
{
    /// <summary>Longest id that is looked up, in characters.</summary>
    public const int MaxIdLength = 100;

    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The row, a UUID.</summary>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(MaxIdLength)]
    public Supplied<string> EndpointId { get; init; }

    /// <summary>Display path, unique; what is metered does not change with it.</summary>
    /// <example>/reports/yearly</example>
    [MinLength(1)]
    [MaxLength(Endpoint.MaxPathLength)]
    public Supplied<string> EndpointPath { get; init; }

    /// <summary>Display name.</summary>
    /// <example>Yearly report</example>
    [MinLength(1)]
    [MaxLength(Endpoint.MaxNameLength)]
    public Supplied<string> EndpointName { get; init; }

    /// <summary>What the route does; may be empty.</summary>
    /// <example>Writes the report of a year</example>
    [MaxLength(Endpoint.MaxDescriptionLength)]
    public Supplied<string> Description { get; init; }

    /// <summary>Whether the route is served.</summary>
    /// <example>true</example>
    public Supplied<bool> Active { get; init; }

    /// <summary>Whole credits a call from now on; digits as text are read as well.</summary>
    /// <example>2</example>
    [Range(1, Endpoint.MaxCost)]
    public Supplied<IntegerOrText> Cost { get; init; }

    /// <summary>Whether a field to change was sent.</summary>
    internal bool HasChanges => EndpointPath.IsGiven || EndpointName.IsGiven || Description.IsGiven || Active.IsGiven || Cost.IsGiven;
}

/// <summary>A row after a change.</summary>
/// <param name="Endpoint">The row.</param>
/// <param name="Changed">Whether a field to change was sent.</param>
public sealed record UpdatedEndpoint(EndpointView Endpoint, bool Changed);

internal sealed class UpdateEndpointValidator : OrderedValidator<UpdateEndpointCommand>
{
    public UpdateEndpointValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        Require(
            command => command.EndpointId.IsGiven && !string.IsNullOrWhiteSpace(command.EndpointId.Value),
            RequestErrors.Invalid("endpoint_id is required"));
        RequireText("endpoint_id", command => command.EndpointId, UpdateEndpointCommand.MaxIdLength);
        Require(
            command => command.EndpointPath.IsAbsentOr(EndpointErrors.IsPath),
            RequestErrors.Invalid($"endpoint_path must be a string of 1 to {Endpoint.MaxPathLength} characters"));
        Require(
            command => command.EndpointName.IsAbsentOr(name => !string.IsNullOrWhiteSpace(name) && name.Length <= Endpoint.MaxNameLength),
            RequestErrors.Invalid($"endpoint_name must be a string of 1 to {Endpoint.MaxNameLength} characters"));
        Require(
            command => command.Description.IsAbsentOr(text => text.Length <= Endpoint.MaxDescriptionLength),
            RequestErrors.Invalid($"description must be a string of at most {Endpoint.MaxDescriptionLength} characters"));
        Require(command => command.Active.IsAbsentOr(_ => true), RequestErrors.Invalid("active must be true or false"));
    }
}

internal sealed class UpdateEndpointHandler(IOperationsDb db, IReadCache cache, IConfigurationProvider maps, TimeProvider time)
    : IRequestHandler<UpdateEndpointCommand, UpdatedEndpoint>
{
    public async Task<UpdatedEndpoint> Handle(UpdateEndpointCommand command, CancellationToken cancellationToken)
    {
        var endpoint = await FindAsync(command.EndpointId.Value, cancellationToken);

        // What the path and the cost refuse is documented to come after the row is found, and in this order.
        await RequireFreePathAsync(endpoint, command.EndpointPath, cancellationToken);
        if (!command.Cost.IsAbsentOr(_ => false) && EndpointErrors.OfCost(command.Cost) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        if (command.HasChanges)
        {
            Apply(command, endpoint, time.GetUtcNow());
            if (await db.TrySaveEndpointAsync(EndpointErrors.NotUpdated, cancellationToken) is { } conflict)
            {
                throw new RefusedException(EndpointErrors.PathTaken(endpoint.Path), conflict);
            }

            cache.Forget();
        }

        return new UpdatedEndpoint(maps.CreateMapper().Map<EndpointView>(endpoint), command.HasChanges);
    }

    private static void Apply(UpdateEndpointCommand command, Endpoint endpoint, DateTimeOffset now)
    {
        if (command.EndpointPath.IsGiven)
        {
            endpoint.Move(command.EndpointPath.Value, now);
        }

        if (command.EndpointName.IsGiven)
        {
            endpoint.Rename(command.EndpointName.Value, now);
        }

        if (command.Description.IsGiven)
        {
            endpoint.Describe(command.Description.Value, now);
        }

        if (command.Active.IsGiven)
        {
            endpoint.Serve(command.Active.Value, now);
        }

        if (command.Cost.IsGiven)
        {
            endpoint.SetPrice((int)command.Cost.Value.Value, now);
        }
    }

    private async Task<Endpoint> FindAsync(string id, CancellationToken cancellationToken)
    {
        var endpoint = Guid.TryParse(id, out var endpointId)
            ? await db.Endpoints.FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken)
            : null;
        return endpoint ?? throw new RefusedException(EndpointErrors.NotFound(id));
    }

    private async Task RequireFreePathAsync(Endpoint endpoint, Supplied<string> typed, CancellationToken cancellationToken)
    {
        if (!typed.IsGiven)
        {
            return;
        }

        var path = Endpoint.NormalisePath(typed.Value);
        if (await db.Endpoints.AnyAsync(other => other.Path == path && other.Id != endpoint.Id, cancellationToken))
        {
            throw new RefusedException(EndpointErrors.PathTaken(path));
        }
    }
}
