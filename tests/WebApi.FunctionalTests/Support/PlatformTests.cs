using System.Collections.Concurrent;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>
/// Tests against the whole platform over HTTP, once a database. One platform a database serves all of them, so each test
/// makes the people and things that it looks at.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public abstract class PlatformTests(DatabaseProvider database)
{
    protected DatabaseProvider Database { get; } = database;

    protected TestPlatform Platform { get; private set; } = null!;

    protected Api Api { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task UseSharedPlatformAsync()
    {
        Platform = await SharedPlatforms.GetAsync(Database);
        Api = Platform.Api();
    }
}

/// <summary>The platforms that tests share, stopped after the last of them.</summary>
[SetUpFixture]
public sealed class SharedPlatforms
{
    private static readonly ConcurrentDictionary<DatabaseProvider, Lazy<Task<TestPlatform>>> Started = new();

    public static Task<TestPlatform> GetAsync(DatabaseProvider database) =>
        Started.GetOrAdd(database, provider => new Lazy<Task<TestPlatform>>(() => TestPlatform.StartAsync(provider))).Value;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var platform in Started.Values.Where(platform => platform.Value.IsCompletedSuccessfully))
        {
            await (await platform.Value).DisposeAsync();
        }
    }
}
