using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Gateway.Caching;

internal static class Registration
{
    public static void AddAnswerCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<AnswerCacheOptions>(configuration, AnswerCacheOptions.Section);
        services.AddSingleton<IAnswerCache, AnswerCache>();
        services.AddHostedService<AnswerCachePurge>();
    }
}
