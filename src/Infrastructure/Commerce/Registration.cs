using AiPlatform.Application.Commerce;
using AiPlatform.Infrastructure.Commerce.Stripe;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Commerce;

internal static class Registration
{
    public static void AddCommerce(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<PlanOptions>(configuration, PlanOptions.Section);
        services.AddScoped<ICommerceDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddStripe(configuration);
        services.AddHostedService<SubscriptionSweeper>();
        services.AddScoped<Func<ICommerceDb>>(provider => provider.GetRequiredService<ICommerceDb>);
    }

    private static void AddStripe(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<StripeOptions>(configuration, StripeOptions.Section);
        services.AddStripeClient();
        services.AddTransient<StripeCharges>();
        services.AddTransient<ICardPayments>(provider => provider.GetRequiredService<IOptions<StripeOptions>>().Value.IsConfigured
            ? provider.GetRequiredService<StripeCharges>()
            : new NoCardPayments());
        services.AddSingleton<IPaymentSignatures, StripeSignatures>();
        services.AddSingleton<IScheduledJob, PaymentReconciler>();
        services.AddSingleton<IScheduledJob, PaymentEventRetention>();
        services.AddTransient<StripeCustomers>();
        services.AddTransient<StripePeriods>();
        services.AddTransient<StripePrices>();
        services.AddTransient<StripePlanPayments>();
        services.AddTransient<IPlanPayments>(provider => provider.GetRequiredService<IOptions<StripeOptions>>().Value.IsConfigured
            ? provider.GetRequiredService<StripePlanPayments>()
            : new NoPlanPayments());
    }
}
