using System.Buffers;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Gateway;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The gateway alone, over providers on loopback.</summary>
internal sealed class LoopbackGateway : IDisposable
{
    /// <summary>The key that providers are given; it may be in one header and nowhere else.</summary>
    public const string Key = "sk-loopback-provider-key";

    private readonly ServiceProvider _services;

    public LoopbackGateway(params (string Key, string? Value)[] settings)
        : this(TimeProvider.System, settings)
    {
    }

    public LoopbackGateway(TimeProvider time, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<IHostEnvironment>(new Production())
            .AddSingleton(time)
            .AddGateway(configuration)
            .BuildServiceProvider();
    }

    public TestLog Log { get; } = new();

    public IModelGateway Models => _services.GetRequiredService<IModelGateway>();

    public IImageModels Images => _services.GetRequiredService<IImageModels>();

    /// <summary>The provider that is asked first for gpt-4o, for tests of what it does with a single call.</summary>
    public IModelProvider Provider => _services.GetRequiredService<IModelProviders>()
        .RoutesOf(_services.GetRequiredService<IModelCatalogue>().Find("gpt-4o")!)[0].Provider;

    /// <summary>How the one configured provider is.</summary>
    public ProviderHealth Health => _services.GetRequiredService<IProviderHealth>().Report().Single(status => status.IsConfigured).Health!;

    /// <summary>A gateway over one OpenAI-compatible upstream, with more settings of the provider.</summary>
    public static LoopbackGateway Over(
        LoopbackUpstream upstream, TimeProvider time, params (string Key, string Value)[] settings) => new(
        time,
        [
            ("Providers:OpenAI:Endpoint", upstream.Endpoint),
            ("Providers:OpenAI:ApiKey", Key),
            .. settings.Select(setting => ($"Providers:OpenAI:{setting.Key}", (string?)setting.Value)),
        ]);

    /// <summary>A gateway over one OpenAI-compatible upstream.</summary>
    public static LoopbackGateway Over(LoopbackUpstream upstream, string timeout = "00:00:30") => new(
        ("Providers:OpenAI:Endpoint", upstream.Endpoint),
        ("Providers:OpenAI:ApiKey", Key),
        ("Providers:OpenAI:Timeout", timeout));

    /// <summary>A gateway that asks the first upstream, and after it the second.</summary>
    public static LoopbackGateway Over(LoopbackUpstream first, LoopbackUpstream second, string timeout = "00:00:30") => new(
        ("Providers:AzureOpenAI:Endpoint", first.Address.AbsoluteUri),
        ("Providers:AzureOpenAI:ApiKey", Key),
        ("Providers:AzureOpenAI:Timeout", timeout),
        ("Providers:OpenAI:Endpoint", second.Endpoint),
        ("Providers:OpenAI:ApiKey", Key));

    /// <summary>Sends one chat to the provider itself.</summary>
    public Task<ProviderReply> SendAsync(bool isStream = false, CancellationToken cancellationToken = default) => Provider.SendAsync(
        new ProviderCall(ProviderOperations.ChatCompletions, "gpt-4o", new ReadOnlySequence<byte>("""{"model":"gpt-4o"}"""u8.ToArray())) { IsStream = isStream },
        cancellationToken);

    public Task<ChatAnswer> AskAsync(CancellationToken cancellationToken = default) =>
        Models.CompleteAsync(new ChatPrompt("gpt-4o", [new ChatMessage("user", "Hi")]), cancellationToken);

    /// <summary>Asks and answers the refusal.</summary>
    public async Task<Error> RefusalAsync()
    {
        try
        {
            await AskAsync();
        }
        catch (RefusedException refused)
        {
            return refused.Error;
        }

        throw new AssertionException("The gateway answered where it should have refused.");
    }

    public void Dispose() => _services.Dispose();

    private sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = string.Empty;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
