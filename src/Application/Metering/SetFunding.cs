using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Sets who pays for the calls of a user or of one API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "set funding")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.OwnerNotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SetFundingCommand : IRequest<FundingSummary>, INamesOwner
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

    /// <summary>Whether the tier's credits pay the endpoint's fixed cost.</summary>
    /// <example>false</example>
    [Required]
    public Supplied<bool> Credits { get; init; }

    /// <summary>Whether the user's wallet pays the model's price.</summary>
    /// <example>true</example>
    [Required]
    public Supplied<bool> Wallet { get; init; }
}

/// <summary>Who pays.</summary>
/// <param name="Owner">For whose calls.</param>
/// <param name="Credits">Whether the tier's credits pay.</param>
/// <param name="Wallet">Whether the user's wallet pays.</param>
public sealed record FundingSummary(LedgerOwner Owner, bool Credits, bool Wallet);

internal sealed class SetFundingValidator : OwnerRules<SetFundingCommand>
{
    public SetFundingValidator()
    {
        RequireOwner();
        Require(
            command => LedgerNames.OwnerKindOf(command.OwnerKind) is not OwnerKind.Team,
            RequestErrors.Invalid("A team pays by its budget; funding is set for a user or an api_key"));
        Require(
            command => command.Credits.IsGiven && command.Wallet.IsGiven,
            RequestErrors.Invalid("credits and wallet must be true or false"));
        Require(command => command.Credits.Value || command.Wallet.Value, RequestErrors.Invalid("credits or wallet must be true: somebody pays"));
    }
}

internal sealed class SetFundingHandler(IMeteringDb db, TermsChanges changes, LedgerOwners owners, AccountOrders orders)
    : IRequestHandler<SetFundingCommand, FundingSummary>
{
    public async Task<FundingSummary> Handle(SetFundingCommand command, CancellationToken cancellationToken)
    {
        var owner = await owners.GetAsync(command.OwnerKind, command.OwnerId, cancellationToken);
        var (credits, wallet) = (command.Credits.Value, command.Wallet.Value);
        var rule = await db.FundingRules.FirstOrDefaultAsync(row => row.OwnerId == owner.Id && row.OwnerKind == owner.Kind, cancellationToken);
        if (rule is null)
        {
            db.FundingRules.Add(new FundingRule(owner.Kind, owner.Id, credits, wallet, orders.ActorId, orders.Now));
        }
        else
        {
            rule.ChangeTo(credits, wallet, orders.ActorId, orders.Now);
        }

        await changes.SaveAsync(cancellationToken);
        return new FundingSummary(owner, credits, wallet);
    }
}
