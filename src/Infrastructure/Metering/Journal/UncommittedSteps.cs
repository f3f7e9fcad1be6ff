namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Steps that were decided and are not in the ledger, unless a commit was cut off.</summary>
/// <param name="Steps">The steps, in the order in which they were decided.</param>
/// <param name="Cause">Why they are not committed.</param>
/// <param name="Durable">To be ended when the fate of every step is known.</param>
internal sealed record UncommittedSteps(List<JournalStep> Steps, Exception Cause, List<TaskCompletionSource> Durable);
