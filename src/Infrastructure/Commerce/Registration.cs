using AiPlatform.Application.Commerce;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Commerce;

internal static class Registration
{
    public static void AddCommerce(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<PlanOptions>(configuration, PlanOptions.Section);
        services.AddScoped<ICommerceDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddSingleton<IPlanPayments, NoPlanPayments>();
        services.AddHostedService<SubscriptionSweeper>();
        services.AddScoped<Func<ICommerceDb>>(provider => provider.GetRequiredService<ICommerceDb>);
    }
}
