using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// Accepts the variable names that the seeds document. A variable stands below every other source of configuration: where the
/// platform's own key is set anywhere, it wins.
/// </summary>
public static class ConfigurationAliases
{
    // The first variable of a key that is set counts.
    private static readonly ConfigurationAlias[] Known =
    [
        new("ENTRA_APP_TENANT_ID", "Entra:TenantId"),
        new("ENTRA_APP_CLIENT_ID", "Entra:ClientId"),
        new("ENTRA_APP_CLIENT_SECRET", "Entra:ClientSecret"),
        new("S0_TOKEN_PROVIDER", "Tokens:Issuer"),
        new("TOKEN_REVOKE_ON_REFRESH", "Tokens:RevokeOnRefresh"),
        new("S0_BOOTSTRAP_ADMIN_API_KEY", "Bootstrap:AdminApiKey"),
        new("S0_BOOTSTRAP_ADMIN_EMAIL", "Bootstrap:AdminEmail"),
        new("ACCESS_TOKEN_EXPIRE_MINUTES", "Sessions:AccessTokenLifetime", (_, minutes) => Minutes(minutes)),
        new("RATE_LIMIT_PER_MINUTE", "RateLimits:ConversationsPerMinute"),
        new("ENABLE_IP_WHITELIST", "Addresses:Restrict"),
        new("WHITELISTED_IPS", "Addresses:Allowed"),
        new("TRUSTED_PROXIES", "Addresses:TrustedProxies"),
        new("ENCRYPTION_KEY", "Fernet:Key"),
        new("STRIPE_SECRET_KEY", "Stripe:SecretKey"),
        new("STRIPE_WEBHOOK_SECRET", "Stripe:WebhookSecret"),
        new("ADMIN_USERNAME", "Bootstrap:AdminUserName"),
        new("ADMIN_PASSWORD", "Bootstrap:AdminPassword"),
        new("KEY_PEPPER", "Security:Pepper"),
        new("GOOGLE_CLIENT_ID", "Google:ClientId"),
        new("GOOGLE_CLIENT_SECRET", "Google:ClientSecret"),
        new("GOOGLE_REDIRECT_URI", "Google:RedirectUri"),
        new("DEFAULT_WALLET_BALANCE", "Metering:NewcomerWalletCents"),
        new("MEMORY_THRESHOLD_MB", "Jobs:MemoryThresholdMb"),
        new("SCHEDULER_TIMEZONE", "Platform:TimeZone"),
        new("S1_MODELS_CSV", "Catalogue:ModelsCsv"),
        new("DOCS_ENABLED", "Docs:Enabled"),
        new("DB_SERVER", "Database:Provider", (_, _) => nameof(DatabaseProvider.SqlServer)),
        new("DB_SERVER", "ConnectionStrings:Default", SqlServerVariables.ConnectionString),
    ];

    /// <summary>Adds what the known variables say, below everything that is configured already.</summary>
    /// <param name="configuration">The configuration, with its sources added.</param>
    public static void AddDocumentedVariables(this IConfigurationManager configuration)
    {
        var values = Known
            .Where(alias => !string.IsNullOrEmpty(configuration[alias.Variable]))
            .DistinctBy(alias => alias.Key)
            .ToDictionary(alias => alias.Key, alias => (string?)alias.Read(configuration, configuration[alias.Variable]!));
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = values });
    }

    /// <summary>A span of so many minutes; what is no number is left for the check of the option to name.</summary>
    private static string Minutes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? TimeSpan.FromMinutes(minutes).ToString("c") : text;

    /// <summary>A documented variable and the key that it stands for.</summary>
    /// <param name="Variable">The variable's name.</param>
    /// <param name="Key">The platform's own key.</param>
    /// <param name="Read">Turns the variable's text into the key's; as it is where the two are written alike.</param>
    private sealed record ConfigurationAlias(string Variable, string Key, Func<IConfiguration, string, string> Read)
    {
        public ConfigurationAlias(string variable, string key)
            : this(variable, key, (_, text) => text)
        {
        }
    }
}
