using System.Net;
using System.Text.RegularExpressions;
using AiPlatform.WebApi.FunctionalTests.Support;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>What an operator sees: the first start, the next one, and the starts that go wrong.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed partial class StartTests
{
    private const string AnyPort = "--Urls=http://127.0.0.1:0";

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("aiplatform-start-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Start_WhenNothingIsConfigured_PrintsAKeyThatAdministersAndPrintsItOnce()
    {
        string key;
        await using (var first = ServerProcess.Start(_folder, "Development", AnyPort))
        {
            var banner = await first.ReadUntilAsync("Say hello");
            key = Key().Match(banner).Groups[1].Value;
            var api = new Api(new HttpClient { BaseAddress = new Uri(Address().Match(banner).Groups[1].Value) });

            Assert.That(banner, Does.Contain("/swagger").And.Contain("none configured").And.Contain("gpt-4o-mini"));
            Assert.That((await api.GetAsync("/admin/endpoints", key)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await first.StopAsync()).ExitCode, Is.Zero);
        }

        await using var second = ServerProcess.Start(_folder, "Development", AnyPort, "--Docs:Enabled=false");
        var again = await second.ReadUntilAsync("Is it well?");
        var served = new Api(new HttpClient { BaseAddress = new Uri(Address().Match(again).Groups[1].Value) });

        Assert.That(again, Does.Not.Contain(key).And.Not.Contain("/swagger"));
        Assert.That((await served.GetAsync("/swagger")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await served.GetAsync("/check-balance", key)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await second.StopAsync()).Output, Does.Not.Contain(key));
    }

    [Test]
    public async Task Start_WhenTheAdministratorsAddressWasRegisteredByNobodyKnowsWhom_IsRefused()
    {
        await using (var first = ServerProcess.Start(_folder, "Development", AnyPort))
        {
            var banner = await first.ReadUntilAsync("Say hello");
            var api = new Api(new HttpClient { BaseAddress = new Uri(Address().Match(banner).Groups[1].Value) });
            var registered = await api.PostAsync("/auth/register", new { email = "boss@example.com", password = "a-long-password-1" });
            Assert.That(registered.Status, Is.EqualTo(HttpStatusCode.OK), registered.Text);
            await first.StopAsync();
        }

        await using var second = ServerProcess.Start(
            _folder, "Development", AnyPort, "--Bootstrap:AdminEmail=boss@example.com", $"--Bootstrap:AdminApiKey={TestPlatform.AdminKey}");
        var ended = await second.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.StartWith("Wrong configuration: Bootstrap:AdminEmail is the address of an account that has not proven it."));
    }

    [TestCase("Urls", "nonsense", "Urls must be http or https addresses such as http://localhost:8080, not 'nonsense'.")]
    [TestCase("Urls", "http://a:1;ftp://b:2", "Urls must be http or https addresses such as http://localhost:8080, not 'ftp://b:2'.")]
    [TestCase("Urls", "http://localhost:99999", "Urls must be http or https addresses such as http://localhost:8080, not 'http://localhost:99999'.")]
    [TestCase("Database:Provider", "Oracle", "Database:Provider must be one of Sqlite, PostgreSql, SqlServer, not 'Oracle'.")]
    [TestCase("Database:Provider", "PostgreSql", "ConnectionStrings:Default must be a connection string for PostgreSql such as Host=localhost;Database=aiplatform;Username=aiplatform;Password=....")]
    [TestCase("ConnectionStrings:Default", "secret", "ConnectionStrings:Default must be a connection string for Sqlite such as Data Source=data/aiplatform.db.")]
    [TestCase("Platform:TimeZone", "Mars", "Platform:TimeZone must be an IANA time zone such as Africa/Johannesburg, not 'Mars'.")]
    [TestCase("Bootstrap:AdminEmail", "@", "Bootstrap:AdminEmail must be an e-mail address of at most 255 characters.")]
    [TestCase("Tokens:Lifetime", "1h", "Tokens:Lifetime must be a duration such as 00:01:40, not '1h'.")]
    [TestCase("Tokens:Lifetimes", "01:00:00", "Tokens:Lifetimes is no key; Tokens has Issuer, Lifetime, RevokeOnRefresh, VouchInterval.")]
    [TestCase("Providers:OpenAI:Key", "x", "Providers:OpenAI:Key is no key; Providers:OpenAI has Kind, Endpoint, ApiKey, Timeout, IdleTimeout, StreamTimeout, MaxConcurrency, QueueTimeout, Responses, Enabled, Headers, Models.")]
    [TestCase("Providers:OpenAI:Timeout", "soon", "Providers:OpenAI:Timeout must be a time hh:mm:ss from 00:00:01 to 00:10:00.")]
    [TestCase("Storage:Path", "/dev/null/blobs", "Storage:Path must be a folder that can be written, not '/dev/null/blobs'.")]
    [TestCase("Rag:Model", "gpt-99", "Rag:Model must name a chat model of the catalogue, not 'gpt-99'.")]
    [TestCase("Rag:EmbeddingModel", "gpt-4o", "Rag:EmbeddingModel must name an embedding model of the catalogue, not 'gpt-4o'.")]
    [TestCase("Metering:HoldExpiry", "00:00:01", "Metering:HoldExpiry must be a duration from 00:01:00 to 1.00:00:00.")]
    [TestCase("Platform:StopTimeout", "00:00:01", "Platform:StopTimeout must be a duration from 00:00:03 to 00:10:00.")]
    [TestCase("Catalogue:ModelCsv", "models.csv", "Catalogue:ModelCsv is no key; Catalogue has ModelsCsv.")]
    [TestCase("ConnectionStrings:Defualt", "Host=db", "ConnectionStrings:Defualt is no key; ConnectionStrings has Default.")]
    [TestCase("Addresses:Allowed", "10.0.0.0/33", "Addresses:Allowed must list addresses, networks such as 10.0.0.0/8 and host names, not '10.0.0.0/33'.")]
    [TestCase("Addresses:Allowed", "localhost,300.1.1.1", "Addresses:Allowed must list addresses, networks such as 10.0.0.0/8 and host names, not '300.1.1.1'.")]
    [TestCase("Logging:LogLevel:Default", "Loud", "Logging:LogLevel:Default must be one of Trace, Debug, Information, Warning, Error, Critical, None, not 'Loud'.")]
    [TestCase("Docs:Enabled", "maybe", "Docs:Enabled must be true or false, not 'maybe'.")]
    public async Task Start_WhenAValueIsWrong_SaysWhichKeyAndWhatIsExpectedAndNothingElse(string key, string value, string message)
    {
        await using var server = ServerProcess.Start(_folder, "Development", $"--{key}={value}");

        var ended = await server.EndAsync();

        Assert.That(ended, Is.EqualTo(new Ended(1, string.Empty, $"Wrong configuration: {message}{Environment.NewLine}")));
        Assert.That(Path.Combine(_folder, "data", "aiplatform.db"), Does.Not.Exist);
    }

    [Test]
    public async Task Start_WhenSeveralValuesAreWrong_NamesAllOfThemOnce()
    {
        await using var server = ServerProcess.Start(_folder, "Development", "--Tokens:Issuer=Okta", "--Metering:MaxBatch=0", "--Urls=x");

        var lines = (await server.EndAsync()).Errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines.Select(line => line.Split(' ')[2]), Is.EquivalentTo(new[] { "Tokens:Issuer", "Metering:MaxBatch", "Urls" }));
    }

    [Test]
    public async Task Start_WhenASectionIsMistyped_NamesItAndTheOnesThatThereAre()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), """{"Platfrom":{"TimeZone":"UTC"}}""");
        await using var server = ServerProcess.Start(_folder, "Development", "--Meterings:MaxBatch=1");

        var ended = await server.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("Wrong configuration: Platfrom is no section; there are ").And.Contain("Wrong configuration: Meterings is no section"));
        Assert.That(ended.Errors, Does.Contain(" Platform, ").And.Contain(" Catalogue, ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Start_WhenAnAllowedNameHasNoAddress_SaysSoBeforeAnybodyCalls()
    {
        await using var server = ServerProcess.Start(
            _folder, "Development", AnyPort, "--Addresses:Restrict=true", "--Addresses:Allowed=localhost,gone.invalid");

        // The log has a thread of its own.
        await server.ReadUntilAsync("Addresses:Allowed names gone.invalid, which has no address");
    }

    [Test]
    public async Task Migrate_WhenTheServerHasNoSuchDatabaseYet_MakesItWithoutAWordOfFailure()
    {
        var postgres = Services.Require("AIPLATFORM_TEST_POSTGRES");
        var name = $"aiplatform_start_{Unique.Id():N}";
        var database = new NpgsqlConnectionStringBuilder(postgres) { Database = name }.ConnectionString;
        try
        {
            await using var migration = ServerProcess.Start(
                _folder, "Development", "migrate", "--Database:Provider=PostgreSql", $"--ConnectionStrings:Default={database}");

            Assert.That(await migration.EndAsync(), Is.EqualTo(new Ended(0, $"The database is up to date.{Environment.NewLine}", string.Empty)));
        }
        finally
        {
            await ExecuteAsync(postgres, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    [Test]
    public async Task Start_WhenTheDatabaseLiesWhereNoFolderCanBe_SaysWhereToLook()
    {
        await using var server = ServerProcess.Start(_folder, "Development", AnyPort, "--ConnectionStrings:Default=Data Source=/dev/null/x.db");

        var ended = await server.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("ConnectionStrings:Default").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Start_WhenTheAddressIsTaken_SaysSo()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var server = ServerProcess.Start(_folder, "Development", $"--Urls=http://{taken.LocalEndpoint}");

        var ended = await server.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("address already in use. Set Urls to a free address"));
    }

    [TestCase(AnyPort, "Security:Pepper must be set in Production")]
    [TestCase("--Security:Pepper=your-pepper-here-change-this-in-production", "Security:Pepper is an example, not a secret")]
    public async Task Start_WhenItIsProductionWithoutASecretOfItsOwn_IsRefused(string argument, string message)
    {
        await using var server = ServerProcess.Start(_folder, "Production", argument);

        var ended = await server.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.StartWith($"Wrong configuration: {message}"));
    }

    [TestCase("help", 0)]
    [TestCase("--help", 0)]
    [TestCase("-h", 0)]
    [TestCase("migrat", 2)]
    [TestCase("migrate now", 2)]
    public async Task Start_WhenTheCommandIsNoneToServe_SaysHowItIsStartedAndMakesNothing(string arguments, int exitCode)
    {
        await using var server = ServerProcess.Start(_folder, "Development", arguments.Split(' '));

        var ended = await server.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(exitCode));
        Assert.That(ended.Output + ended.Errors, Does.StartWith("AiPlatform:").And.Contain("-- migrate"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public async Task Start_WhenAServerDatabaseWasNeverMigrated_AsksForThatAndServesSeveralReplicasAfterwards()
    {
        var postgres = Services.Require("AIPLATFORM_TEST_POSTGRES");
        var name = $"aiplatform_start_{Unique.Id():N}";
        var database = new NpgsqlConnectionStringBuilder(postgres) { Database = name }.ConnectionString;
        string[] arguments = [AnyPort, "--Database:Provider=PostgreSql", $"--ConnectionStrings:Default={database}"];
        await ExecuteAsync(postgres, $"CREATE DATABASE {name}");
        try
        {
            await using var early = ServerProcess.Start(_folder, "Development", arguments);
            var refused = await early.EndAsync();
            await using var migration = ServerProcess.Start(_folder, "Development", ["migrate", .. arguments]);
            var migrated = await migration.EndAsync();
            await using var replicas = new Replicas(3, () => ServerProcess.Start(_folder, "Development", arguments));
            var banners = await replicas.ReadBannersAsync();

            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Errors, Does.Contain("-- migrate"));
            Assert.That((migrated.ExitCode, migrated.Output.Trim()), Is.EqualTo((0, "The database is up to date.")), migrated.Errors);
            Assert.That(banners, Has.All.Contain("PostgreSql"));
            Assert.That(banners.Count(banner => banner.Contains("shown only now", StringComparison.Ordinal)), Is.EqualTo(1));
        }
        finally
        {
            await ExecuteAsync(postgres, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Several processes that were started at the same moment.</summary>
    private sealed class Replicas(int count, Func<ServerProcess> start) : IAsyncDisposable
    {
        private readonly List<ServerProcess> _servers = [.. Enumerable.Range(0, count).Select(_ => start())];

        public async Task<IReadOnlyList<string>> ReadBannersAsync() =>
            await Task.WhenAll(_servers.Select(server => server.ReadUntilAsync("curl -s")));

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [GeneratedRegex("KEY=([0-9a-f-]{36})")]
    private static partial Regex Key();

    [GeneratedRegex(@"serves (http://\S+)")]
    private static partial Regex Address();
}
