using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Options that stop the start, with the key's name, where a value is wrong.</summary>
public static class CheckedOptions
{
    /// <summary>Binds a section and validates it before the first call is served.</summary>
    /// <typeparam name="T">The options.</typeparam>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="section">The section's name.</param>
    public static void AddCheckedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class =>
        services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
}
