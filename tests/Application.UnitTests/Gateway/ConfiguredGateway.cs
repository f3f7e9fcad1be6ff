using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Infrastructure.Gateway;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>The gateway as one configuration makes it.</summary>
internal sealed class ConfiguredGateway : IDisposable
{
    private readonly ServiceProvider _services;

    public ConfiguredGateway(string environment = "Development", params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Mock.Of<IHostEnvironment>(host => host.EnvironmentName == environment))
            .AddGateway(configuration)
            .BuildServiceProvider();
    }

    public IModelGateway Models => _services.GetRequiredService<IModelGateway>();

    public IImageModels Images => _services.GetRequiredService<IImageModels>();

    public IModelCatalogue Catalogue => _services.GetRequiredService<IModelCatalogue>();

    public ProviderOverview Overview => _services.GetRequiredService<IProviderOverview>().Describe();

    public IReadOnlyList<ProviderStatus> Providers => _services.GetRequiredService<IProviderHealth>().Report();

    /// <summary>The providers that would be asked for a model, the first first.</summary>
    public IReadOnlyList<IModelProvider> ProvidersOf(string model) =>
        [.. _services.GetRequiredService<IModelProviders>().RoutesOf(Catalogue.Find(model)!).Select(route => route.Provider)];

    /// <summary>What stops the start; nothing where it does not stop.</summary>
    public IEnumerable<string> StartErrors()
    {
        try
        {
            _services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException refused)
        {
            return refused.Failures;
        }
    }

    /// <summary>The ways to a model, as provider and upstream name.</summary>
    public IEnumerable<string> RoutesOf(string model) =>
        from route in _services.GetRequiredService<IModelProviders>().RoutesOf(Catalogue.Find(model)!)
        select $"{route.Provider.Name}:{route.UpstreamModel}";

    public void Dispose() => _services.Dispose();
}
