using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Gateway;

/// <summary>Retires a model: callers no longer find it, and it stays listed with its history. Retired already, it stays as it is.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "manage models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.NotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record RetireModelCommand : IRequest<ModelDetails>
{
    /// <summary>The model, from the path.</summary>
    [JsonIgnore]
    public string ModelId { get; init; } = string.Empty;

    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }
}

internal sealed class RetireModelValidator : OrderedValidator<RetireModelCommand>
{
    public RetireModelValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
    }
}

internal sealed class RetireModelHandler(ModelChanges changes, TimeProvider time) : IRequestHandler<RetireModelCommand, ModelDetails>
{
    public async Task<ModelDetails> Handle(RetireModelCommand command, CancellationToken cancellationToken)
    {
        var model = await changes.GetAsync(command.ModelId, cancellationToken);
        var before = ModelDetails.Of(model);
        if (!model.IsOffered)
        {
            return before;
        }

        model.Retire(time.GetUtcNow());
        return await changes.SaveAsync(model, ModelChangeKind.Retired, before, cancellationToken);
    }
}
