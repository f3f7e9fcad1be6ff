using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Shows how an owner stands with every meter in the current period, and for a user who pays and by which keys.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view accounts")]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.OwnerNotFound))]
public sealed record ListOwnerAccountsQuery : IRequest<OwnerStanding>
{
    /// <summary>What the owner is.</summary>
    public Supplied<string> OwnerKind { get; init; }

    /// <summary>The owner.</summary>
    public Supplied<string> OwnerId { get; init; }
}

/// <summary>How an owner stands.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Accounts">One account a meter that the owner has something of.</param>
/// <param name="Funding">Who pays; <see langword="null"/> for a team, and for a key without a rule of its own.</param>
/// <param name="Keys">The API keys of a user; none of other owners.</param>
/// <param name="TeamId">The team of a user.</param>
public sealed record OwnerStanding(
    LedgerOwner Owner, IReadOnlyList<OwnerAccount> Accounts, FundingSummary? Funding, IReadOnlyList<OwnedKey> Keys, Guid? TeamId);

internal sealed class ListOwnerAccountsValidator : OrderedValidator<ListOwnerAccountsQuery>
{
    public ListOwnerAccountsValidator()
    {
        Require(
            query => LedgerNames.OwnerKindOf(query.OwnerKind) is not null,
            RequestErrors.Invalid($"owner_kind must be one of: {LedgerNames.All<OwnerKind>()}"));
        Require(query => LedgerNames.IdOf(query.OwnerId) is not null, RequestErrors.Invalid("owner_id must be a UUID"));
    }
}

internal sealed class ListOwnerAccountsHandler(
    IMeteringDb db, LedgerOwners owners, AccountOrders orders, IUserDirectory users, IOwnerDirectory keys)
    : IRequestHandler<ListOwnerAccountsQuery, OwnerStanding>
{
    public async Task<OwnerStanding> Handle(ListOwnerAccountsQuery query, CancellationToken cancellationToken)
    {
        var owner = await owners.GetAsync(query.OwnerKind, query.OwnerId, cancellationToken);
        var isUser = owner.Kind is OwnerKind.User;
        var user = isUser ? await users.FindAsync(owner.Id.ToString("D"), cancellationToken) : null;
        return new OwnerStanding(
            owner,
            await AccountsAsync(owner, cancellationToken),
            await FundingAsync(owner, cancellationToken),
            isUser ? await keys.KeysOfAsync(owner.Id, cancellationToken) : [],
            user?.TeamId);
    }

    private async Task<IReadOnlyList<OwnerAccount>> AccountsAsync(LedgerOwner owner, CancellationToken cancellationToken)
    {
        var limits = await db.SpendingLimits.AsNoTracking()
            .Where(limit => limit.OwnerId == owner.Id && limit.OwnerKind == owner.Kind)
            .ToDictionaryAsync(limit => limit.Meter, limit => limit.Amount, cancellationToken);
        var current = Enum.GetValues<Meter>().ToDictionary(meter => meter, meter => orders.Current(owner, meter));
        var periods = current.Values.Select(key => key.Period).Distinct().ToList();
        var opened = (await db.LedgerAccounts
            .Where(account => account.OwnerId == owner.Id && account.OwnerKind == owner.Kind && periods.Contains(account.Period))
            .ToListAsync(cancellationToken)).ToDictionary(account => account.Key);
        return
        [
            .. from pair in current
               let limit = limits.TryGetValue(pair.Key, out var amount) ? amount : (long?)null
               let account = opened.GetValueOrDefault(pair.Value)
               where limit is not null || account is not null
               select orders.View(
                   pair.Value,
                   limit,
                   limit ?? 0,
                   account is null ? null : new AccountBalance(account.Key, account.Granted, account.Held, account.Spent)),
        ];
    }

    private async Task<FundingSummary?> FundingAsync(LedgerOwner owner, CancellationToken cancellationToken)
    {
        var rule = await db.FundingRules.AsNoTracking()
            .FirstOrDefaultAsync(row => row.OwnerId == owner.Id && row.OwnerKind == owner.Kind, cancellationToken);
        return (rule, owner.Kind) switch
        {
            ({ } set, _) => new FundingSummary(owner, set.Credits, set.Wallet),
            (null, OwnerKind.User) => new FundingSummary(owner, Credits: true, Wallet: false),
            _ => null,
        };
    }
}
