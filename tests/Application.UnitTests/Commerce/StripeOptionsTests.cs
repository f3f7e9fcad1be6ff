using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Commerce.Stripe;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Application.UnitTests.Commerce;

public sealed class StripeOptionsTests
{
    private const string AnAddress = "Stripe:ApiBase must be an absolute https address (http on loopback alone) without a query.";
    private const string AKey = "Stripe:SecretKey must be printable ASCII without blanks.";
    private const string Secrets = "Stripe:WebhookSecret must be printable ASCII without blanks; several secrets are separated by commas.";

    [Test]
    public void Section_WhenItIsEmpty_TalksToStripeAndAsksNothing()
    {
        var options = Read(Environments.Development);

        Assert.That((options.SecretKey, options.ApiBase, options.Timeout), Is.EqualTo(((string?)null, "https://api.stripe.com", TimeSpan.FromSeconds(30))));
    }

    [TestCase("https://stripe.example/base")]
    [TestCase("http://127.0.0.1:12111")]
    [TestCase("http://localhost:12111/")]
    [TestCase("http://[::1]:12111")]
    public void ApiBase_ThatIsHttpsOrOnLoopback_IsTaken(string address) =>
        Assert.That(Read(Environments.Development, ("Stripe:ApiBase", address)).ApiBase, Is.EqualTo(address));

    [TestCase("Stripe:ApiBase", "http://api.stripe.com", AnAddress)]
    [TestCase("Stripe:ApiBase", "http://10.0.0.1", AnAddress)]
    [TestCase("Stripe:ApiBase", "api.stripe.com", AnAddress)]
    [TestCase("Stripe:ApiBase", "", AnAddress)]
    [TestCase("Stripe:ApiBase", "https://user@api.stripe.com", AnAddress)]
    [TestCase("Stripe:ApiBase", "https://api.stripe.com?key=1", AnAddress)]
    [TestCase("Stripe:ApiBase", "file:///etc/passwd", AnAddress)]
    [TestCase("Stripe:Timeout", "00:02:00", "Stripe:Timeout must be a duration from 00:00:00.1 to 00:01:00.")]
    [TestCase("Stripe:EventRetentionDays", "29", "Stripe:EventRetentionDays must be a number from 30 to 36500.")]
    [TestCase("Stripe:Timeout", "soon", "Stripe:Timeout must be a duration such as 00:01:40, not 'soon'.")]
    [TestCase("Stripe:SecretKey", "sk_test_1 2", AKey)]
    [TestCase("Stripe:SecretKey", "sk_test_\r\nX: y", AKey)]
    [TestCase("Stripe:WebhookSecret", "whsec_ü", Secrets)]
    [TestCase("Stripe:WebhookSecret", " , ", Secrets)]
    [TestCase("Stripe:ApiKey", "sk", "Stripe:ApiKey is no key; Stripe has SecretKey, WebhookSecret, ApiBase, Timeout, EventRetentionDays.")]
    public void Section_WhenAValueIsWrong_SaysWhichAndWhatIsExpected(string key, string value, string message) =>
        Assert.That(() => Read(Environments.Development, (key, value)), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(message));

    [TestCase("Stripe:SecretKey", "your-stripe-secret-key")]
    [TestCase("Stripe:WebhookSecret", "your-webhook-secret")]
    public void Secret_WhenItIsAnExampleInProduction_StopsTheStart(string key, string value) =>
        Assert.That(
            () => Read(Environments.Production, (key, value)),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(key).And.Message.Not.Contains(value));

    private static StripeOptions Read(string environment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IHostEnvironment>(new Environment(environment));
        services.AddInfrastructure(configuration);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<StripeOptions>>().Value;
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = string.Empty;

        public string ContentRootPath { get; set; } = string.Empty;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
