using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure.Metering.Journal;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering;

internal static class Registration
{
    public static void AddMetering(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<MeteringOptions>(configuration, MeteringOptions.Section);
        services.AddSingleton<IWalletPolicy>(provider => provider.GetRequiredService<IOptions<MeteringOptions>>().Value);
        services.AddScoped<IMeteringDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddTransient<Func<IMeteringDb>>(provider => provider.GetRequiredService<IMeteringDb>);
        services.AddSingleton<IPlatformClock, PlatformClock>();
        services.AddJournal();
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<LedgerJournal>());
        services.AddSingleton<ICallJournal>(provider => provider.GetRequiredService<LedgerJournal>());
        services.AddHostedService(provider => provider.GetRequiredService<LedgerJournal>());
        services.AddSingleton<IIdempotentAnswers, IdempotentAnswers>();
        services.AddHostedService<IdempotencyPurge>();
        services.AddSingleton<IExpiredHolds, ExpiredHolds>();
        services.AddHostedService<HoldSweeper>();
    }
}
