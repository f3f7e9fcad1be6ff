using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>What the balance routes answer where the ledger fails them.</summary>
internal static class BalanceFailures
{
    /// <summary>The month's account could not be opened.</summary>
    public static readonly Error NotOpened =
        new("balance_not_opened", ErrorKind.Internal, "Error retrieving balance: Failed to initialize balance") { Title = "Balance Error" };

    /// <summary>The balance stays as it was.</summary>
    public static readonly Error NotUpdated =
        new("balance_not_updated", ErrorKind.Internal, "Failed to update balance") { Title = "Balance Update Error" };

    /// <summary>Takes a step in the ledger, and answers its failure in the words of the route.</summary>
    /// <param name="step">The step; what it refuses itself stands.</param>
    /// <param name="otherwise">What any other failure is called on this route.</param>
    /// <param name="cancellationToken">Passed to the step.</param>
    public static async Task<T> TakeAsync<T>(Func<CancellationToken, Task<T>> step, Error otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await step(cancellationToken);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            throw new RefusedException(otherwise, failure);
        }
    }
}
