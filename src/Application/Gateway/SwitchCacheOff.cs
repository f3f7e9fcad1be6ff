using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Switches the cache of answers off for an API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set caching")]
[Refuses(typeof(CacheErrors), nameof(CacheErrors.NotOn))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SwitchCacheOffCommand : IRequest<Guid>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The API key, a UUID.</summary>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> ApiKeyId { get; init; }
}

internal sealed class SwitchCacheOffValidator : OrderedValidator<SwitchCacheOffCommand>
{
    public SwitchCacheOffValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("api_key_id", command => command.ApiKeyId));
        RequireText("api_key_id", command => command.ApiKeyId, SwitchCacheOnValidator.MaxIdLength);
    }
}

internal sealed class SwitchCacheOffHandler(IGatewayDb db, CacheRuleChanges changes) : IRequestHandler<SwitchCacheOffCommand, Guid>
{
    public async Task<Guid> Handle(SwitchCacheOffCommand command, CancellationToken cancellationToken)
    {
        // A revoked key's rule can be removed too.
        var rule = Guid.TryParse(command.ApiKeyId.Value, out var keyId)
            ? await db.AnswerCacheRules.FirstOrDefaultAsync(row => row.ApiKeyId == keyId, cancellationToken)
            : null;
        db.AnswerCacheRules.Remove(rule ?? throw new RefusedException(CacheErrors.NotOn));
        await changes.SaveAsync(cancellationToken);
        return keyId;
    }
}
