using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Commerce;

/// <summary>
/// Brings top-ups to their end. The call that wanted one, the gateway's event and the reconciliation may do so at once and in any
/// order: each step is written once, and whoever is second finds it done.
/// </summary>
internal sealed partial class TopUps(ICommerceDb db, ICardPayments payments, ILedger ledger, TimeProvider time, ILogger<TopUps> logger)
{
    // The clocks of the gateway and of this machine differ by less.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Writes an intent down, unless an earlier call has its key.</summary>
    /// <returns>The intent, or the top-up of the earlier call; tracked.</returns>
    public async Task<TopUp> BeginAsync(TopUp intent, CancellationToken cancellationToken)
    {
        if (await FindAsync(intent.KeyId, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        db.TopUps.Add(intent);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return intent;
        }
        catch (DbUpdateException) when (intent.KeyId is not null)
        {
            db.TopUps.Entry(intent).State = EntityState.Detached;
            if (await FindAsync(intent.KeyId, cancellationToken) is { } winner)
            {
                return winner;
            }

            throw;
        }
    }

    /// <summary>Takes the turn to ask the gateway again.</summary>
    /// <returns>Whether this call has it; another one was first, or it may not be asked any more.</returns>
    public async Task<bool> TryTakeTurnAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (!topUp.CanAsk(time.GetUtcNow()))
        {
            return false;
        }

        topUp.Ask(time.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            await db.TopUps.Entry(topUp).ReloadAsync(cancellationToken);
            return false;
        }
    }

    /// <summary>Charges the card and takes in what the gateway says. Where that settles nothing, the top-up stays as it is.</summary>
    /// <param name="topUp">The top-up.</param>
    /// <param name="token">The gateway's name for the card.</param>
    /// <param name="cancellationToken">For shutdown only: a caller who leaves stops nothing, because the card may be charged already.</param>
    public async Task ChargeAsync(TopUp topUp, string token, CancellationToken cancellationToken)
    {
        try
        {
            await TakeAsync(topUp, await payments.ChargeAsync(new CardOrder(topUp.Id, topUp.Cents, token), cancellationToken), cancellationToken);
        }
        catch (PaymentUncertainException uncertain)
        {
            LogUncertain(uncertain, topUp.Id);
            await ApplyAsync(topUp, row => row.Leave(time.GetUtcNow()), cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The card may be charged, and the database or the ledger does not take that in: the intent is there, and is reconciled.
            LogUncertain(failure, topUp.Id);
        }
    }

    /// <summary>Looks the charge of a top-up up, and takes in what there is. It charges nothing.</summary>
    /// <exception cref="PaymentUncertainException">The gateway cannot be asked.</exception>
    public async Task LookUpAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var charge = await payments.FindAsync(
            topUp.Id, topUp.CreatedAt - ClockSkew, topUp.AskedAt + TopUp.Settling + ClockSkew, cancellationToken);
        if (charge is not null)
        {
            await TakeAsync(topUp, charge, cancellationToken);
        }
        else if (topUp.IsSettled(asked))
        {
            await ApplyAsync(topUp, row => FailUnlessAskedAgain(row, asked), cancellationToken);
        }
    }

    /// <summary>Takes in what the gateway says of a charge.</summary>
    public async Task TakeAsync(TopUp topUp, ChargeStanding charge, CancellationToken cancellationToken)
    {
        switch (charge.Outcome)
        {
            case ChargeOutcome.Succeeded when charge.Amount != topUp.Amount:
                LogAmount(topUp.Id, charge.Id, charge.Amount, topUp.Amount);
                break;
            case ChargeOutcome.Succeeded when topUp.ChargeId is not null && topUp.ChargeId != charge.Id:
                LogTwice(topUp.Id, topUp.ChargeId, charge.Id);
                break;
            case ChargeOutcome.Succeeded:
                await ApplyAsync(topUp, row => row.Confirm(charge.Id!, charge.Refunded, charge.IsDisputed, time.GetUtcNow()), cancellationToken);
                await CreditAsync(topUp, cancellationToken);
                break;
            case ChargeOutcome.Failed:
                var failure = AuditText.Cut(charge.Failure, TopUp.MaxFailureLength) ?? "failed";
                await ApplyAsync(topUp, row => row.Fail(failure, time.GetUtcNow()), cancellationToken);
                break;
            default:
                break;
        }
    }

    /// <summary>Has the wallet credited with a charge, where that is due.</summary>
    public async Task CreditAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (topUp.State is not TopUpState.Charged)
        {
            return;
        }

        var order = new AccountOrder(
            topUp.RequestId, topUp.UserId, AuditText.Cut($"card payment {topUp.ChargeId}", LedgerEntry.MaxReasonLength)!);
        var wallet = new AccountKey(OwnerKind.User, topUp.UserId, Meter.Wallet, Period.Always);
        if (await ledger.DepositAsync(wallet, topUp.Amount - topUp.Refunded, topUp.ChargeId!, order, cancellationToken) is { } balance)
        {
            await ApplyAsync(topUp, row => row.Credit(balance, time.GetUtcNow()), cancellationToken);
        }
        else
        {
            LogFull(topUp.Id);
        }
    }

    /// <summary>Leaves a top-up for later.</summary>
    public Task PostponeAsync(TopUp topUp, CancellationToken cancellationToken) =>
        ApplyAsync(topUp, row => row.Postpone(time.GetUtcNow()), cancellationToken);

    private Task<TopUp?> FindAsync(Guid? keyId, CancellationToken cancellationToken) => keyId is null
        ? Task.FromResult<TopUp?>(null)
        : db.TopUps.FirstOrDefaultAsync(row => row.KeyId == keyId, cancellationToken);

    private static void FailUnlessAskedAgain(TopUp topUp, DateTimeOffset asked)
    {
        if (topUp.IsSettled(asked))
        {
            topUp.Fail("never_charged", asked);
        }
    }

    /// <summary>Saves a change, anew on what somebody else made of the row meanwhile. Each change is harmless where it was made already.</summary>
    private async Task ApplyAsync(TopUp topUp, Action<TopUp> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            change(topUp);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                await db.TopUps.Entry(topUp).ReloadAsync(cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether top-up {TopUpId} was charged is not known; it is reconciled")]
    private partial void LogUncertain(Exception exception, Guid topUpId);

    [LoggerMessage(
        Level = LogLevel.Critical, Message = "Top-up {TopUpId} was charged as {ChargeId} with {Charged} nano-USD instead of {Wanted}; it is not credited")]
    private partial void LogAmount(Guid topUpId, string? chargeId, long charged, long wanted);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Top-up {TopUpId} was charged as {ChargeId} and again as {OtherId}; refund the second")]
    private partial void LogTwice(Guid topUpId, string chargeId, string? otherId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Top-up {TopUpId} was charged and its wallet can hold no more; refund it")]
    private partial void LogFull(Guid topUpId);
}
