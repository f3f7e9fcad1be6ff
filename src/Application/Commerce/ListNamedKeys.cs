using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Lists the API keys that the caller bought, and what is in the wallet.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record ListNamedKeysQuery : IRequest<OwnNamedKeys>;

/// <summary>The caller's keys.</summary>
/// <param name="Keys">The keys, oldest first.</param>
/// <param name="WalletBalance">What is in the wallet, in nano-USD.</param>
public sealed record OwnNamedKeys(IReadOnlyList<NamedKey> Keys, long WalletBalance);

internal sealed class ListNamedKeysHandler(INamedKeys keys, IWallets wallets, CallRecord record) : IRequestHandler<ListNamedKeysQuery, OwnNamedKeys>
{
    public async Task<OwnNamedKeys> Handle(ListNamedKeysQuery query, CancellationToken cancellationToken)
    {
        var userId = record.RequiredCaller.UserId;
        var wallet = await wallets.OfAsync(userId, cancellationToken);
        return new OwnNamedKeys(await keys.ListAsync(userId, cancellationToken), wallet.Granted - wallet.Spent);
    }
}
