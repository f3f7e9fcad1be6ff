using System.Globalization;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The whole platform on a database of its own.</summary>
public sealed class TestPlatform : WebApplicationFactory<Program>
{
    public const string AdminKey = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

    private static readonly string[] ProviderVariables =
    [
        "OPENAI_API_KEY", "OPENAI_API_ENDPOINT", "DEEPSEEK_API_KEY", "DEEPSEEK_ENDPOINT", "LLAMA_API_KEY", "LLAMA_ENDPOINT",
        "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY", "GLAMA_API_KEY", "REQUESTY_API_KEY", "AIML_API_KEY", "A4F_API_KEY",
        "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
    ];

    private readonly TestDatabase _database;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-").FullName;

    private TestPlatform(TestDatabase database, IReadOnlyDictionary<string, string?> settings)
    {
        _database = database;
        _settings = settings;

        // Each call of a test says itself who makes it.
        ClientOptions.HandleCookies = false;
    }

    public TestClock Clock { get; } = new();

    public TestLog Log { get; } = new();

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Where a platform that listens can be reached.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Starts a platform; settings are configuration keys, which win over the suite's own.</summary>
    public static async Task<TestPlatform> StartAsync(DatabaseProvider provider, params (string Key, string? Value)[] settings)
    {
        var platform = await CreateAsync(provider, settings);
        _ = platform.Server;
        return platform;
    }

    /// <summary>Starts a platform on a port of its own, for clients that are no part of the test's process.</summary>
    public static async Task<TestPlatform> ListenAsync(DatabaseProvider provider, params (string Key, string? Value)[] settings)
    {
        var platform = await CreateAsync(provider, settings);
        platform.UseKestrel(0);
        platform.StartServer();
        return platform;
    }

    public Api Api() => new(CreateClient());

    /// <summary>A client that does not go where it is sent.</summary>
    public Api StayingApi() => new(CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false }));

    /// <summary>Reads or changes the database directly, as it is once every answer that was given is booked.</summary>
    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await CatchUpAsync();
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        return await query(db);
    }

    /// <summary>Waits until the database has what answers of this platform have told: for who reads it past this platform.</summary>
    public Task CatchUpAsync() => Services.GetRequiredService<ICallJournal>().CatchUpAsync(CancellationToken.None);

    /// <summary>Takes the database away from the running platform.</summary>
    public Task TakeDatabaseAwayAsync() => _database.DropAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static async Task<TestPlatform> CreateAsync(DatabaseProvider provider, (string Key, string? Value)[] settings) =>
        new(await TestDatabase.CreateAsync(provider), settings.ToDictionary(setting => setting.Key, setting => setting.Value));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Database:Provider", _database.Provider.ToString());
        builder.UseSetting("ConnectionStrings:Default", _database.ConnectionString);
        builder.UseSetting("Bootstrap:AdminApiKey", AdminKey);
        builder.UseSetting("Security:Pepper", "functional-tests-pepper-0123456789abcdef");
        builder.UseSetting("Storage:Path", Path.Combine(_folder, "blobs"));
        builder.UseSetting("Identity:FailedAttemptsPerMinute", 100_000.ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("Passwords:Iterations", 100_000.ToString(CultureInfo.InvariantCulture));
        foreach (var rate in Enum.GetValues<RateClass>())
        {
            builder.UseSetting($"RateLimits:{rate}PerMinute", 100_000.ToString(CultureInfo.InvariantCulture));
        }

        builder.UseSetting("RateLimits:TokensPerHour", 100_000.ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("RateLimits:TokensPerDay", 100_000.ToString(CultureInfo.InvariantCulture));

        // What the machine's own environment says of providers and payments must not make a test call them.
        foreach (var variable in ProviderVariables)
        {
            builder.UseSetting(variable, string.Empty);
        }

        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}
