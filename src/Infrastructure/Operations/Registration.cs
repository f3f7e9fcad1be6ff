using AiPlatform.Application.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Operations;

internal static class Registration
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddScoped<IOperationsDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddTransient<Func<IOperationsDb>>(provider => provider.GetRequiredService<IOperationsDb>);
        services.AddScoped<IHealthProbe, HealthProbe>();
    }
}
