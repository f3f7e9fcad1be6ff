using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Infrastructure.Gateway.Providers;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>Registers the model catalogue and the providers.</summary>
public static class Registration
{
    /// <summary>Adds the gateway, configured by the section <c>Providers</c>, which is checked at start.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">The application's configuration; read when the options are first needed.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GatewayOptions>().Configure(options => ProviderAliases.Bind(options, configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton(new ReadSection(GatewayOptions.SectionName));
        services.AddSingleton(ModelTableSource.Section);

        // One line a kind of provider.
        services.AddSingleton<IProviderAdapter, OpenAIAdapter>();
        services.AddSingleton<IProviderAdapter, AzureOpenAIAdapter>();
        services.AddSingleton<IProviderAdapter, AnthropicAdapter>();
        services.AddSingleton<IProviderAdapter, SandboxAdapter>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ProviderResilience>();
        services.AddProviderTransport();
        services.AddSingleton(_ => new ModelTableSource(configuration[ModelTableSource.Key] is { Length: > 0 } path ? path : null));
        services.AddSingleton<ModelCatalogue>();
        services.AddSingleton<IModelCatalogue>(provider => provider.GetRequiredService<ModelCatalogue>());
        services.AddSingleton<ICatalogueSnapshot>(provider => provider.GetRequiredService<ModelCatalogue>());
        services.AddSingleton<IChangeListener>(provider => provider.GetRequiredService<ModelCatalogue>());
        services.AddScoped<IGatewayDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddTransient<Func<IGatewayDb>>(provider => provider.GetRequiredService<IGatewayDb>);
        services.AddSingleton<ConfiguredProviders>();
        services.AddSingleton<IModelProviders>(provider => provider.GetRequiredService<ConfiguredProviders>());
        services.AddSingleton<IProviderOverview>(provider => provider.GetRequiredService<ConfiguredProviders>());
        services.AddSingleton<ProviderHealthReport>();
        services.AddSingleton<IProviderHealth>(provider => provider.GetRequiredService<ProviderHealthReport>());
        services.AddSingleton<IUpstreamHealth>(provider => provider.GetRequiredService<ProviderHealthReport>());
        services.AddSingleton<IHostModels, HostModelLists>();
        return services.AddModelGateway();
    }
}
