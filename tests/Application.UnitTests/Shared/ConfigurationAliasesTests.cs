using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class ConfigurationAliasesTests
{
    [TestCase("ENTRA_APP_TENANT_ID", "Entra:TenantId")]
    [TestCase("ENTRA_APP_CLIENT_ID", "Entra:ClientId")]
    [TestCase("ENTRA_APP_CLIENT_SECRET", "Entra:ClientSecret")]
    [TestCase("S0_TOKEN_PROVIDER", "Tokens:Issuer")]
    [TestCase("TOKEN_REVOKE_ON_REFRESH", "Tokens:RevokeOnRefresh")]
    [TestCase("S0_BOOTSTRAP_ADMIN_API_KEY", "Bootstrap:AdminApiKey")]
    [TestCase("S0_BOOTSTRAP_ADMIN_EMAIL", "Bootstrap:AdminEmail")]
    [TestCase("KEY_PEPPER", "Security:Pepper")]
    [TestCase("SCHEDULER_TIMEZONE", "Platform:TimeZone")]
    [TestCase("ENCRYPTION_KEY", "Fernet:Key")]
    [TestCase("STRIPE_SECRET_KEY", "Stripe:SecretKey")]
    [TestCase("STRIPE_WEBHOOK_SECRET", "Stripe:WebhookSecret")]
    [TestCase("ADMIN_USERNAME", "Bootstrap:AdminUserName")]
    [TestCase("ADMIN_PASSWORD", "Bootstrap:AdminPassword")]
    [TestCase("ENABLE_IP_WHITELIST", "Addresses:Restrict")]
    [TestCase("WHITELISTED_IPS", "Addresses:Allowed")]
    [TestCase("TRUSTED_PROXIES", "Addresses:TrustedProxies")]
    [TestCase("MEMORY_THRESHOLD_MB", "Jobs:MemoryThresholdMb")]
    [TestCase("DOCS_ENABLED", "Docs:Enabled")]
    public void DocumentedVariable_WhenTheKeyIsUnset_StandsForIt(string variable, string key)
    {
        using var configuration = Configured((variable, "from the variable"));

        Assert.That(configuration[key], Is.EqualTo("from the variable"));
    }

    [Test]
    public void DocumentedVariable_WhenTheKeyIsSet_IsPassedOver()
    {
        using var configuration = Configured(("ENTRA_APP_CLIENT_ID", "from the variable"), ("Entra:ClientId", "from the key"));

        Assert.That(configuration["Entra:ClientId"], Is.EqualTo("from the key"));
    }

    [Test]
    public void DocumentedVariable_WhenItIsEmpty_SetsNothing()
    {
        using var configuration = Configured(("ENTRA_APP_CLIENT_ID", string.Empty));

        Assert.That(configuration["Entra:ClientId"], Is.Null);
    }

    [Test]
    public void DatabaseVariables_WhenAServerIsNamed_ChooseSqlServerAndItsConnection()
    {
        using var configuration = Configured(
            ("DB_DRIVER", "{ODBC Driver 17 for SQL Server}"), ("DB_SERVER", "sql.example,1433"), ("DB_NAME", "AIAPISDEV"), ("DB_USER", "api"), ("DB_PASSWORD", "a;b"));

        Assert.That(configuration["Database:Provider"], Is.EqualTo("SqlServer"));
        Assert.That(
            configuration.GetConnectionString("Default"),
            Is.EqualTo("Data Source=sql.example,1433;Initial Catalog=AIAPISDEV;User ID=api;Password=\"a;b\""));
    }

    [Test]
    public void DatabaseVariables_WhenNoUserIsNamed_SignInAsTheProcess()
    {
        using var configuration = Configured(("DB_SERVER", "sql.example"), ("DB_NAME", "AIAPISDEV"));

        Assert.That(
            configuration.GetConnectionString("Default"),
            Is.EqualTo("Data Source=sql.example;Initial Catalog=AIAPISDEV;Integrated Security=True"));
    }

    private static ConfigurationManager Configured(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        configuration.AddDocumentedVariables();
        return configuration;
    }
}
