using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

internal static class Registration
{
    public static void AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<IdentityOptions>(configuration, IdentityOptions.Section);
        services.AddCheckedOptions<BootstrapOptions>(configuration, BootstrapOptions.Section);
        services.AddCheckedOptions<TokenOptions>(configuration, TokenOptions.Section);
        services.AddScoped<IIdentityDb>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddSingleton<ISecretIssuer, SecretIssuer>();
        services.AddSingleton<ICredentialCache, CredentialCache>();
        services.AddSingleton<IFailureLimit, FailureLimit>();
        services.AddSingleton<ITokenPolicy>(provider => provider.GetRequiredService<IOptions<TokenOptions>>().Value);
        services.AddSingleton<ITokenAuthority, LocalTokenAuthority>();
        services.AddScoped<AdministratorSeed>();
    }
}
