using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>
/// Something that the caller's wallet pays: its price is set aside first, then it is made, and the price is paid in the commit of the
/// call's audit record, before the caller sees what was bought. What could not be made costs nothing.
/// </summary>
internal sealed class WalletPurchase(ILedger ledger, IWallets wallets, ICallContext call, CallRecord record)
{
    /// <summary>Buys.</summary>
    /// <typeparam name="T">What is bought.</typeparam>
    /// <param name="price">Nano-USD, more than zero.</param>
    /// <param name="makeAsync">Makes it.</param>
    /// <param name="cancellationToken">Gives up before the money is set aside.</param>
    /// <returns>What was bought, and what is in the wallet once it is paid, in nano-USD.</returns>
    /// <exception cref="RefusedException">The wallet has less, or it could not be made.</exception>
    public async Task<(T Bought, long Left)> PayAsync<T>(long price, Func<Task<T>> makeAsync, CancellationToken cancellationToken)
    {
        var userId = record.RequiredCaller.UserId;
        var wallet = new AccountKey(OwnerKind.User, userId, Meter.Wallet, Period.Always);
        var order = new HoldOrder(
            new HeldCall(call.RequestId, userId, call.RouteKey ?? string.Empty), Hold.Unpriced, [new HoldOrderLine(wallet, 0, price)], Dispatched: false)
        {
            Key = record.Key,
        };
        var decision = await ledger.PlaceHoldAsync(order, cancellationToken);
        if (decision.HoldId is not { } holdId)
        {
            throw new RefusedException(decision.Conflict ?? WalletErrors.InsufficientBalance);
        }

        record.Settle(new Settlement.Release(holdId, "the purchase was not completed"));
        var bought = await makeAsync();
        record.Settle(new Settlement.Capture(holdId));
        var standing = decision.Balances.Single();
        return (bought, standing.Granted - standing.Spent - price);
    }

    /// <summary>Refuses a purchase that the wallet could not pay now.</summary>
    /// <param name="price">Nano-USD.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">There is no wallet, or it has less.</exception>
    public async Task GuardAsync(long price, CancellationToken cancellationToken)
    {
        var wallet = await wallets.FindAsync(record.RequiredCaller.UserId, cancellationToken) ?? throw new RefusedException(WalletErrors.NotFound);
        if (wallet.Available < price)
        {
            throw new RefusedException(WalletErrors.InsufficientBalance);
        }
    }
}
