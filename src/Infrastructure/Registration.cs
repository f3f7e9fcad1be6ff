using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Commerce;
using AiPlatform.Infrastructure.Content;
using AiPlatform.Infrastructure.Gateway;
using AiPlatform.Infrastructure.Gateway.Caching;
using AiPlatform.Infrastructure.Identity;
using AiPlatform.Infrastructure.Metering;
using AiPlatform.Infrastructure.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure;

/// <summary>Registers the adapters of every capability.</summary>
public static class Registration
{
    /// <summary>Adds the database and the adapters.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">The configuration.</param>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<UnreadSettings>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<UnreadSettings>, UnreadSettingsValidator>();
        services.AddCheckedOptions<PlatformOptions>(configuration, PlatformOptions.Section);
        services.AddCheckedOptions<SecurityOptions>(configuration, SecurityOptions.Section);
        services.AddSingleton<KeyRing>();
        services.AddCheckedOptions<RateLimitOptions>(configuration, RateLimitOptions.Section);
        services.AddSingleton<IRateWindows, RateWindows>();
        services.AddCheckedOptions<BodyOptions>(configuration, BodyOptions.Section);
        services.AddCheckedOptions<AddressOptions>(configuration, AddressOptions.Section);
        services.AddSingleton<IAllowedAddresses, AllowedAddresses>();
        services.AddDatabase(configuration);
        services.AddProtection();
        services.AddIdentity(configuration);
        services.AddMetering(configuration);
        services.AddGateway(configuration);
        services.AddAnswerCache(configuration);
        services.AddOperations(configuration);
        services.AddContent(configuration);
        services.AddCommerce(configuration);
        return services;
    }
}
