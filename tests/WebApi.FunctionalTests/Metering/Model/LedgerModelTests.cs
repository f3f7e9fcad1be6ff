using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>
/// Random steps against the ledger and against a reference that fits on a page. After every step both must be the same, and
/// every invariant must hold. A seed repeats a run; the story of a failure ends with its last steps.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class LedgerModelTests
{
    private const int Steps = 700;

    [TestCase(DatabaseProvider.Sqlite, 1, 20_240_229)]
    [TestCase(DatabaseProvider.PostgreSql, 1, 20_240_301)]
    [TestCase(DatabaseProvider.PostgreSql, 2, 20_240_331)]
    public async Task Ledger_AfterEveryStepOfALongRandomStory_IsWhatTheReferenceSays(DatabaseProvider database, int processes, int seed)
    {
        await using var ledger = await ModelledLedger.StartAsync(database, processes);
        var story = new RandomStory(ledger, new Random(seed));

        for (var step = 0; step < Steps; step++)
        {
            await story.StepAsync();
        }

        story.AssertEverythingHappened();
    }
}
