// A fixture runs beside others unless it says otherwise, its own tests in turn unless it says otherwise. More tests run at once
// than there are processors where CI runs: a test waits for a database, a server or the clock about half of its time.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
