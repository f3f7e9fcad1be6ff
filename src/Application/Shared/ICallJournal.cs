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

    /// <summary>Writes the record of a call that was given an earlier answer, and what that saved, both or neither.</summary>
    /// <param name="record">The call's record.</param>
    /// <param name="saved">What the call was spared.</param>
    /// <param name="cancellationToken">For shutdown only.</param>
    Task CloseReusedAsync(AuditRecord record, SavedCall saved, CancellationToken cancellationToken);
}
