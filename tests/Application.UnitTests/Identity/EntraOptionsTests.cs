using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Identity.Entra;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Application.UnitTests.Identity;

public sealed class EntraOptionsTests
{
    private static readonly (string Key, string Value)[] Whole =
        [("Tokens:Issuer", "Entra"), ("Entra:TenantId", "contoso.example"), ("Entra:ClientId", "client"), ("Entra:ClientSecret", "secret")];

    [Test]
    public void EntraSection_WhenItIsEmptyAndUsed_NamesEveryKeyThatIsDue() =>
        Assert.That(
            () => Read(("Tokens:Issuer", "Entra"), ("Entra:Scope", " ")),
            Throws.TypeOf<OptionsValidationException>().With.Property(nameof(OptionsValidationException.Failures)).EqualTo(new[]
            {
                "Entra:TenantId must be the directory's id where Tokens:Issuer is Entra.",
                "Entra:ClientId must be the application's id where Tokens:Issuer is Entra.",
                "Entra:ClientSecret must be the application's secret where Tokens:Issuer is Entra.",
                "Entra:Scope must be a resource such as https://graph.microsoft.com/.default where Tokens:Issuer is Entra.",
            }));

    [Test]
    public void EntraSection_WhenItIsEmptyAndNotUsed_IsNotLookedAt() => Assert.That(() => Read(), Throws.Nothing);

    [Test]
    public void EntraSection_WhenItIsWhole_TalksToMicrosoftsPublicCloud()
    {
        var options = Read(Whole);

        Assert.That(options.Authority, Is.EqualTo("https://login.microsoftonline.com"));
        Assert.That(options.Timeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [TestCase("Entra:Authority", "http://login.example", "Entra:Authority must be an absolute https address, not 'http://login.example'.")]
    [TestCase("Entra:Authority", "login.example", "Entra:Authority must be an absolute https address, not 'login.example'.")]
    [TestCase("Entra:Authority", "", "Entra:Authority must be an absolute https address, not ''.")]
    [TestCase("Entra:CertificateAuthority", "nowhere.pem", "Entra:CertificateAuthority must be the path of a PEM file; there is none at 'nowhere.pem'.")]
    [TestCase("Entra:Timeout", "00:02:00", "Entra:Timeout must be a duration from 00:00:00.1 to 00:01:00.")]
    [TestCase("Entra:Timeout", "soon", "Entra:Timeout must be a duration such as 00:01:40, not 'soon'.")]
    [TestCase("Tokens:VouchInterval", "00:00:00", "Tokens:VouchInterval must be a duration from 00:00:01 to 00:10:00.")]
    [TestCase("Tokens:Issuer", "Okta", "Tokens:Issuer must be one of Local, Entra, not 'Okta'.")]
    public void Configuration_WhenAValueIsWrong_SaysWhichAndWhatIsExpected(string key, string value, string message) =>
        Assert.That(() => Read([.. Whole, (key, value)]), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(message));

    private static EntraOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IHostEnvironment>(new Development());
        services.AddInfrastructure(configuration);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<EntraOptions>>().Value;
    }

    private sealed class Development : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = string.Empty;

        public string ContentRootPath { get; set; } = string.Empty;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
