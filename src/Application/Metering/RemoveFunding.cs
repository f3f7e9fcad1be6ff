using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Removes a funding rule: a key falls back to its user's, a user to the tier's credits.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set funding")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.FundingNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record RemoveFundingCommand : IRequest<LedgerOwner>, INamesOwner
{
    /// <inheritdoc/>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <inheritdoc/>
    /// <example>api_key</example>
    [Required]
    [AllowedValues("user", "api_key")]
    public Supplied<string> OwnerKind { get; init; }

    /// <inheritdoc/>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(100)]
    public Supplied<string> OwnerId { get; init; }
}

internal sealed class RemoveFundingValidator : OwnerRules<RemoveFundingCommand>
{
    public RemoveFundingValidator() => RequireOwner();
}

internal sealed class RemoveFundingHandler(IMeteringDb db, TermsChanges changes) : IRequestHandler<RemoveFundingCommand, LedgerOwner>
{
    public async Task<LedgerOwner> Handle(RemoveFundingCommand command, CancellationToken cancellationToken)
    {
        var (kind, id) = (LedgerNames.OwnerKindOf(command.OwnerKind), LedgerNames.IdOf(command.OwnerId));
        var rule = await db.FundingRules.FirstOrDefaultAsync(row => row.OwnerId == id && row.OwnerKind == kind, cancellationToken)
            ?? throw new RefusedException(AccountErrors.FundingNotFound);
        db.FundingRules.Remove(rule);
        await changes.SaveAsync(cancellationToken);
        return new LedgerOwner(rule.OwnerKind, rule.OwnerId);
    }
}
