using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Shows what the caller's wallet has.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record GetWalletBalanceQuery : IRequest<WalletBalance>;

/// <summary>What a wallet has.</summary>
/// <param name="Amount">In nano-USD: paid in and not spent. What calls under way have set aside is still in it.</param>
public sealed record WalletBalance(long Amount);

internal sealed class GetWalletBalanceHandler(IWallets wallets, CallRecord record) : IRequestHandler<GetWalletBalanceQuery, WalletBalance>
{
    public async Task<WalletBalance> Handle(GetWalletBalanceQuery query, CancellationToken cancellationToken)
    {
        var wallet = await wallets.OfAsync(record.RequiredCaller.UserId, cancellationToken);
        return new WalletBalance(wallet.Granted - wallet.Spent);
    }
}
