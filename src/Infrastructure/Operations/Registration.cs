using AiPlatform.Application.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Operations;

internal static class Registration
{
    public static void AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<IOperationsDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddTransient<Func<IOperationsDb>>(provider => provider.GetRequiredService<IOperationsDb>);
        services.AddScoped<IHealthProbe, HealthProbe>();
        services.AddCheckedOptions<JobOptions>(configuration, JobOptions.Section);
        services.AddSingleton<JobClock>();
        services.AddSingleton<JobRuns>();
        services.AddSingleton<IScheduledJob, MessageLogRetention>();
        services.AddSingleton<IScheduledJob, JobRunRetention>();
        services.AddSingleton<IScheduledJob, UsageReporting>();
        services.AddSingleton<IScheduledJob, MemoryCheck>();
        services.AddSingleton<JobSchedule>();
        services.AddSingleton<IJobSchedule>(provider => provider.GetRequiredService<JobSchedule>());
        services.AddHostedService(provider => provider.GetRequiredService<JobSchedule>());
        services.AddSingleton<MessageLogWriter>();
        services.AddSingleton<IMessageLog>(provider => provider.GetRequiredService<MessageLogWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<MessageLogWriter>());
    }
}
