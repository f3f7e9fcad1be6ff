using AiPlatform.Infrastructure.Identity;
using AiPlatform.Infrastructure.Identity.Entra;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class PlaceholderSecretsTests
{
    [TestCase("your-super-secret-key-here-change-this-in-production")]
    [TestCase("your-encryption-key-here-32-bytes")]
    [TestCase("CHANGEME-CHANGEME-CHANGEME-CHANGEME")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("0101010101010101010101010101010101010101")]
    public void Secret_WhenItIsAnExampleInProduction_StopsTheStart(string value) =>
        Assert.That(
            () => Read<SecurityOptions>(Environments.Production, SecurityOptions.Section, ("Security:Pepper", value)),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Security:Pepper").And.Message.Not.Contains(value));

    [Test]
    public void AdministratorKey_WhenItIsTheDocumentedOneInProduction_StopsTheStart() =>
        Assert.That(
            () => Read<BootstrapOptions>(
                Environments.Production, BootstrapOptions.Section, ("Bootstrap:AdminApiKey", "00000000-0000-4000-8000-000000000000")),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Bootstrap:AdminApiKey"));

    [Test]
    public void ClientSecret_WhenItIsAnExampleInProduction_StopsTheStart() =>
        Assert.That(
            () => Read<EntraOptions>(Environments.Production, EntraOptions.Section, ("Entra:ClientSecret", "your-client-secret")),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Entra:ClientSecret"));

    [Test]
    public void Secret_WhenItIsAnExampleElsewhere_IsTaken() =>
        Assert.That(
            Read<SecurityOptions>(Environments.Development, SecurityOptions.Section, ("Security:Pepper", "changeme")).Pepper,
            Is.EqualTo("changeme"));

    [Test]
    public void Secret_WhenItWasMadeAtRandom_IsTakenInProduction()
    {
        const string random = "q3v0F5x1Yw8Zr2Jt7Lk4Nn6Pp9Ss+Vv/Xx";

        Assert.That(
            Read<SecurityOptions>(Environments.Production, SecurityOptions.Section, ("Security:Pepper", random)).Pepper, Is.EqualTo(random));
    }

    private static T Read<T>(string environment, string section, params (string Key, string Value)[] settings)
        where T : class
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IHostEnvironment>(new FixedEnvironment(environment));
        services.AddCheckedOptions<T>(configuration, section);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<T>>().Value;
    }

    private sealed class FixedEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = string.Empty;

        public string ContentRootPath { get; set; } = string.Empty;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
