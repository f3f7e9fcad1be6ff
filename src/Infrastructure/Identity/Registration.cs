using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Identity.Entra;
using AiPlatform.Infrastructure.Identity.Google;
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
        services.AddTransient<Func<IIdentityDb>>(provider => provider.GetRequiredService<IIdentityDb>);
        services.AddSingleton<ISecretIssuer, SecretIssuer>();
        services.AddCheckedOptions<FernetOptions>(configuration, FernetOptions.Section);
        services.AddSingleton<IKeyCiphertext, FernetCipher>();
        services.AddSingleton<IFailureLimit, FailureLimit>();
        services.AddSessions(configuration);
        services.AddTokenAuthority(configuration);
        services.AddGoogle(configuration);
        services.AddSingleton<IScheduledJob, CreditReset>();
        services.AddSingleton<IScheduledJob, SignInSweep>();
        services.AddSingleton<IScheduledJob, SigningKeyAging>();
        services.AddScoped<AdministratorPassword>();
        services.AddScoped<AdministratorSeed>();
    }

    private static void AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<PasswordOptions>(configuration, PasswordOptions.Section);
        services.AddCheckedOptions<SessionOptions>(configuration, SessionOptions.Section);
        services.AddCheckedOptions<SmtpOptions>(configuration, SmtpOptions.Section);
        services.AddSingleton<ISessionPolicy>(provider => provider.GetRequiredService<IOptions<SessionOptions>>().Value);
        services.AddSingleton<IPasswords, Passwords>();
        services.AddSingleton<ISecretSeal, SecretSeal>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ISigningKeyIssuer>(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<ISessionTokens, SessionTokens>();
        services.AddScoped<SigningKeySeed>();
        services.AddSingleton<SmtpMailer>();
        services.AddSingleton<IMailer>(provider => provider.GetRequiredService<SmtpMailer>());
        services.AddHostedService(provider => provider.GetRequiredService<SmtpMailer>());
    }

    private static void AddGoogle(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<GoogleOptions>(configuration, GoogleOptions.Section);
        services.AddSingleton<GoogleHttpClient>();
        services.AddSingleton<GoogleExchange>();
        services.AddSingleton<GoogleSignIn>();
        services.AddSingleton<IGoogleSignIn>(provider => provider.GetRequiredService<GoogleSignIn>());
        services.AddSingleton<ISignInProviders>(provider => provider.GetRequiredService<GoogleSignIn>());
    }

    private static void AddTokenAuthority(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<EntraOptions>(configuration, EntraOptions.Section);
        services.AddSingleton<IValidateOptions<EntraOptions>, EntraOptionsValidator>();
        services.AddSingleton<EntraHttpClient>();
        services.AddSingleton<EntraApplication>();
        services.AddSingleton<LocalTokenAuthority>();
        services.AddSingleton<EntraTokenAuthority>();
        services.AddSingleton<ITokenPolicy>(provider => provider.GetRequiredService<IOptions<TokenOptions>>().Value);
        services.AddSingleton<ITokenAuthority>(provider => provider.GetRequiredService<IOptions<TokenOptions>>().Value.Issuer switch
        {
            TokenIssuer.Local => provider.GetRequiredService<LocalTokenAuthority>(),
            TokenIssuer.Entra => provider.GetRequiredService<EntraTokenAuthority>(),
            var issuer => throw new OptionsValidationException(
                TokenOptions.Section, typeof(TokenOptions), [$"Tokens:Issuer must be Local or Entra, not '{issuer}'."]),
        });
    }
}
