using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;

namespace AiPlatform.Application.Shared;

/// <summary>Closes calls: the audit record and what becomes of the money are one transaction.</summary>
public interface ICallJournal
{
    /// <summary>Writes the record of a call and settles its hold, both or neither.</summary>
    /// <param name="record">The call's record; the settlement notes the charge on it.</param>
    /// <param name="settlement">What becomes of the call's hold; <see langword="null"/> where it has none.</param>
    /// <param name="cancellationToken">For shutdown only: a caller who leaves does not stop a settlement.</param>
    /// <returns>What the call cost; <see langword="null"/> where it has no hold, or its commit was found in the ledger afterwards.</returns>
    Task<CallReceipt?> CloseAsync(AuditRecord record, Settlement? settlement, CancellationToken cancellationToken);

    /// <summary>
    /// Does what <see cref="CloseAsync"/> does for a call that was answered, and returns when it is decided, shortly before it is
    /// durable: the hold that it pays is durable, so a crash in between leaves funds that are set aside and a dispute, never a call that nobody knows of.
    /// </summary>
    /// <param name="record">The call's record; the payment notes the charge on it.</param>
    /// <param name="payment">What is paid, of a hold that was dispatched.</param>
    /// <param name="cancellationToken">For shutdown only.</param>
    /// <returns>What the call cost; <see langword="null"/> where its commit was found in the ledger afterwards.</returns>
    Task<CallReceipt?> PayAsync(AuditRecord record, Settlement.Capture payment, CancellationToken cancellationToken);

    /// <summary>Waits until the database has what <see cref="PayAsync"/> has told this process's callers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Writes the record of a call that was given an earlier answer, and what that saved, both or neither.</summary>
    /// <param name="record">The call's record.</param>
    /// <param name="saved">What the call was spared.</param>
    /// <param name="cancellationToken">For shutdown only.</param>
    Task CloseReusedAsync(AuditRecord record, SavedCall saved, CancellationToken cancellationToken);
}
