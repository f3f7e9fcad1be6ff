using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Gateway.Relay;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Gateway;

/// <summary>Registers what the gateway's use cases stand on.</summary>
public static class Registration
{
    /// <summary>Adds the gateway over the registered <see cref="IModelCatalogue"/> and <see cref="IModelProviders"/>.</summary>
    /// <param name="services">The collection to add to.</param>
    public static IServiceCollection AddModelGateway(this IServiceCollection services)
    {
        services.AddSingleton<IModelNames, ModelNames>();
        services.AddSingleton<ModelDispatcher>();
        services.AddSingleton<ModelGateway>();
        services.AddSingleton<IModelBounds, ModelBounds>();
        services.AddScoped<StreamRelay>();
        services.AddScoped<MeasuredBody>();
        services.AddScoped<RelayPlans>();
        services.AddScoped<AnswerRelay>();
        services.AddScoped<CallerModels>();
        services.AddScoped<AutoChoice>();
        services.AddScoped<RelayTarget>();
        services.AddScoped<ProxyTargets>();
        services.AddScoped<IModelChoice, CallerModelChoice>();
        services.AddScoped<QueryChoice>();
        services.AddSingleton<IModelGateway>(provider => provider.GetRequiredService<ModelGateway>());
        services.AddSingleton<IImageModels>(provider => provider.GetRequiredService<ModelGateway>());
        return services;
    }
}
