using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.UnitTests.Gateway;

/// <summary>What the section <c>Providers</c> and its aliases make of the gateway, and which values stop the start.</summary>
public sealed class ProviderConfigurationTests
{
    private static readonly string[] Operations =
    [
        ProviderOperations.ChatCompletions, ProviderOperations.Completions, ProviderOperations.Embeddings,
        ProviderOperations.ImageGenerations, ProviderOperations.Responses, ProviderOperations.Messages,
    ];

    [Test]
    public void Gateway_WithNothingConfigured_LetsTheSandboxServeAllButEmbeddings()
    {
        using var gateway = new ConfiguredGateway();

        var overview = gateway.Overview;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(overview.ConfiguredProviders, Is.Empty);
            Assert.That(overview.SandboxModels, Is.Ordered.And.SupersetOf(
                new[] { "dall-e-3", "dalle3-hd", "deepseek-r1", "gpt-4o", "gpt-4o-mini", "llama-3.1-405b", "o1-mini" }));
            Assert.That(overview.UnservedModels, Is.EqualTo(new[] { "mistral-embed", "text-embedding-3-large", "text-embedding-3-small" }));
            Assert.That(overview.SandboxModels.Count + overview.UnservedModels.Count, Is.EqualTo(gateway.Catalogue.Models.Count));
            Assert.That(gateway.StartErrors(), Is.Empty);
        }
    }

    [TestCase("Production", null, false)]
    [TestCase("Production", "true", true)]
    [TestCase("Development", "false", false)]
    [TestCase("Staging", null, true)]
    public void Sandbox_InAnEnvironment_ServesOnlyWhereItIsWanted(string environment, string? enabled, bool serves)
    {
        using var gateway = new ConfiguredGateway(environment, ("Providers:Sandbox:Enabled", enabled));

        Assert.That(gateway.Overview.SandboxModels, serves ? Does.Contain("gpt-4o") : Is.Empty);
    }

    [Test]
    public void Sandbox_WhenAProviderServesAModel_IsNoWayToIt()
    {
        using var gateway = new ConfiguredGateway(settings: ("Providers:OpenAI:ApiKey", "k"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.RoutesOf("gpt-4o"), Is.EqualTo(new[] { "OpenAI:gpt-4o" }));
            Assert.That(gateway.RoutesOf("llama-3.1-405b"), Is.EqualTo(new[] { "Sandbox:llama-3.1-405b" }));
            Assert.That(gateway.Models.CanEmbed("text-embedding-3-small"), Is.True);
        }
    }

    [Test]
    public void Routes_WhenTwoProvidersServeAModel_KeepTheCataloguesOrder()
    {
        using var gateway = new ConfiguredGateway(
            "Production",
            ("Providers:OpenAI:ApiKey", "k"),
            ("Providers:AzureOpenAI:ApiKey", "k"),
            ("Providers:AzureOpenAI:Endpoint", "https://unit.openai.azure.com"));

        Assert.That(gateway.RoutesOf("gpt-4o"), Is.EqualTo(new[] { "AzureOpenAI:gpt-4o", "OpenAI:gpt-4o" }));
    }

    [Test]
    public void Routes_WhenAProviderNamesModelsItsOwnWay_UseThoseNames()
    {
        using var gateway = new ConfiguredGateway(
            "Production",
            ("Providers:DeepSeek:ApiKey", "k"),
            ("Providers:DeepSeek:Models:deepseek-r1", "DeepSeek-R1"),
            ("Providers:Shed:Endpoint", "http://localhost:11434/v1"),
            ("Providers:Shed:Models:deepseek-r1", "deepseek-r1:8b"));

        Assert.That(gateway.RoutesOf("deepseek-r1"), Is.EqualTo(new[] { "DeepSeek:DeepSeek-R1", "Shed:deepseek-r1:8b" }));
    }

    [Test]
    public void OpenAIKeyAlias_WithoutAnEndpoint_ConfiguresOpenAI()
    {
        using var gateway = new ConfiguredGateway(settings: ("OPENAI_API_KEY", "k"));

        Assert.That(gateway.Overview.ConfiguredProviders, Is.EqualTo(new[] { "OpenAI" }));
    }

    [Test]
    public void OpenAIKeyAlias_WithTheAzureEndpoint_ConfiguresAzureOpenAI()
    {
        using var gateway = new ConfiguredGateway(
            settings: [("OPENAI_API_KEY", "k"), ("OPENAI_API_ENDPOINT", "https://unit.openai.azure.com/")]);

        Assert.That(gateway.Overview.ConfiguredProviders, Is.EqualTo(new[] { "AzureOpenAI" }));
    }

    [Test]
    public void VendorAliases_WhenSet_ConfigureTheirProviders()
    {
        using var gateway = new ConfiguredGateway(
            settings: [("DEEPSEEK_API_KEY", "k"), ("LLAMA_API_KEY", "k"), ("LLAMA_ENDPOINT", "https://unit.example.org/v1")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.StartErrors(), Is.Empty);
            Assert.That(gateway.Overview.ConfiguredProviders, Is.EqualTo(new[] { "DeepSeek", "Llama" }));
        }
    }

    [TestCase("ANTHROPIC_API_KEY", "Anthropic", "Anthropic", "api.anthropic.com")]
    [TestCase("OPENROUTER_API_KEY", "OpenRouter", "OpenAI", "openrouter.ai")]
    [TestCase("GLAMA_API_KEY", "Glama", "OpenAI", "glama.ai")]
    [TestCase("REQUESTY_API_KEY", "Requesty", "OpenAI", "router.requesty.ai")]
    [TestCase("AIML_API_KEY", "AIML", "OpenAI", "api.aimlapi.com")]
    [TestCase("A4F_API_KEY", "A4F", "OpenAI", "api.a4f.co")]
    [TestCase("Providers:openrouter:ApiKey", "openrouter", "OpenAI", "openrouter.ai")]
    public void Provider_KnownByItsName_NeedsNoMoreThanAKey(string key, string name, string kind, string host)
    {
        using var gateway = new ConfiguredGateway("Production", (key, "k"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.StartErrors(), Is.Empty);
            var configured = gateway.Providers.Single(provider => provider.IsConfigured);
            Assert.That((configured.Name, configured.Kind, configured.EndpointHost), Is.EqualTo((name, kind, host)));
        }
    }

    [TestCase("OpenAI", null, null, new[] { "chat/completions", "completions", "embeddings", "images/generations", "responses" })]
    [TestCase("OpenAI", null, "false", new[] { "chat/completions", "completions", "embeddings", "images/generations" })]
    [TestCase("Shed", null, null, new[] { "chat/completions", "completions", "embeddings", "images/generations" })]
    [TestCase("Shed", null, "true", new[] { "chat/completions", "completions", "embeddings", "images/generations", "responses" })]
    [TestCase("Shed", "AzureOpenAI", null, new[] { "chat/completions", "completions", "embeddings", "images/generations", "responses" })]
    [TestCase("Anthropic", null, "true", new[] { "messages" })]
    [TestCase("Shed", "Anthropic", null, new[] { "messages" })]
    public void Provider_OfAKind_ServesTheOperationsOfItsApi(string name, string? kind, string? responses, string[] served)
    {
        using var gateway = new ConfiguredGateway(
            "Production",
            ($"Providers:{name}:Kind", kind),
            ($"Providers:{name}:Endpoint", "https://unit.example.org/v1"),
            ($"Providers:{name}:ApiKey", "k"),
            ($"Providers:{name}:Responses", responses),
            ($"Providers:{name}:Models:gpt-4o", "gpt-4o"));

        var provider = gateway.ProvidersOf("gpt-4o").Single();

        Assert.That(Operations.Where(provider.Serves), Is.EquivalentTo(served));
    }

    [Test]
    public void Sandbox_WhenItServesAModel_HasTheOperationsOfOpenAIButEmbeddings()
    {
        using var gateway = new ConfiguredGateway();

        var sandbox = gateway.ProvidersOf("gpt-4o").Single();

        Assert.That(
            Operations.Where(sandbox.Serves), Is.EquivalentTo(new[] { "chat/completions", "completions", "images/generations", "responses" }));
    }

    [Test]
    public void Chat_WhenTheOnlyProviderHasNoSuchOperation_IsRefusedAsNotConfigured()
    {
        using var gateway = new ConfiguredGateway(
            "Production", ("ANTHROPIC_API_KEY", "k"), ("Providers:Anthropic:Models:gpt-4o", "claude"));

        var refused = Assert.ThrowsAsync<RefusedException>(
            () => gateway.Models.CompleteAsync(new ChatPrompt("gpt-4o", [new ChatMessage("user", "Hi")]), CancellationToken.None));

        Assert.That(refused.Error, Is.EqualTo(GatewayErrors.NotConfigured));
    }

    [TestCase("Providers:OpenAI:IdleTimeout", "00:00:00")]
    [TestCase("Providers:OpenAI:IdleTimeout", "00:10:01")]
    [TestCase("Providers:OpenAI:StreamTimeout", "00:00:00.9")]
    [TestCase("Providers:OpenAI:StreamTimeout", "00:10:01")]
    [TestCase("Providers:OpenAI:QueueTimeout", "00:01:01")]
    [TestCase("Providers:OpenAI:QueueTimeout", "-00:00:01")]
    [TestCase("Providers:OpenAI:MaxConcurrency", "0")]
    [TestCase("Providers:OpenAI:MaxConcurrency", "10001")]
    [TestCase("Providers:OpenAI:MaxConcurrency", "many")]
    [TestCase("Providers:OpenAI:MaxConcurrency", "+5")]
    [TestCase("Providers:OpenAI:Responses", "perhaps")]
    [TestCase("Providers:OpenAI:Headers:Authorization", "Bearer secret")]
    [TestCase("Providers:OpenAI:Headers:host", "secret.example.org")]
    [TestCase("Providers:OpenAI:Headers:Content-Length", "7")]
    [TestCase("Providers:OpenAI:Headers:Transfer-Encoding", "chunked")]
    [TestCase("Providers:OpenAI:Headers:X Title", "secret")]
    [TestCase("Providers:OpenAI:Headers:X-Title", "secret\r\nHost: elsewhere")]
    [TestCase("Providers:OpenAI:Headers:X-Title", "secrét")]
    [TestCase("Providers:OpenAI:Headers:X-Title", "")]
    [TestCase("Providers:Anthropic:Headers:X-Api-Key", "secret")]
    [TestCase("Providers:AzureOpenAI:Headers:Api-Key", "secret")]
    [TestCase("Providers:OpenAI:Endpoint", "not an address")]
    [TestCase("Providers:OpenAI:Endpoint", "ftp://example.org")]
    [TestCase("Providers:OpenAI:Endpoint", "https://user:secret@example.org")]
    [TestCase("Providers:OpenAI:Timeout", "soon")]
    [TestCase("Providers:OpenAI:Timeout", "00:00:00")]
    [TestCase("Providers:OpenAI:Timeout", "01:00:00")]
    [TestCase("Providers:OpenAI:ApiKey", "two words")]
    [TestCase("Providers:OpenAI:ApiKey", "line\nbreak")]
    [TestCase("Providers:OpenAI:Kind", "Bard")]
    [TestCase("Providers:OpenAI:Kind", "1")]
    [TestCase("Providers:OpenAI:Kind", "Sandbox")]
    [TestCase("Providers:Sandbox:Kind", "OpenAI")]
    [TestCase("Providers:Sandbox:Enabled", "perhaps")]
    [TestCase("Providers:OpenAI:Models:gpt-99", "gpt-99")]
    public void Start_WithAWrongValue_StopsNamingItsKeyAndNotTheValue(string key, string value)
    {
        using var gateway = new ConfiguredGateway(settings: (key, value));

        var errors = gateway.StartErrors().ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Has.Count.EqualTo(1));
            Assert.That(errors, Has.All.StartsWith(key + " must "));
            Assert.That(errors, Has.None.Contains("secret").And.None.Contains("two words"));
        }
    }

    [TestCase("Providers:AzureOpenAI:ApiKey", "k", "Providers:AzureOpenAI:Endpoint")]
    [TestCase("Providers:AzureOpenAI:Endpoint", "https://unit.openai.azure.com", "Providers:AzureOpenAI:ApiKey")]
    [TestCase("OPENAI_API_ENDPOINT", "https://unit.openai.azure.com", "Providers:AzureOpenAI:ApiKey")]
    [TestCase("Providers:Shed:ApiKey", "k", "Providers:Shed:Endpoint")]
    [TestCase("Providers:Anthropic:Endpoint", "https://unit.example.org/v1", "Providers:Anthropic:ApiKey")]
    public void Start_WithHalfAProvider_StopsNamingWhatLacks(string key, string value, string lacking)
    {
        using var gateway = new ConfiguredGateway(settings: (key, value));

        Assert.That(gateway.StartErrors(), Has.Exactly(1).Items.And.All.StartsWith(lacking + " is required "));
    }

    [Test]
    public void Start_WithAnUnknownKeyOfAProvider_StopsNamingIt()
    {
        using var gateway = new ConfiguredGateway(settings: ("Providers:OpenAI:MaxConcurency", "5"));

        Assert.That(gateway.StartErrors(), Has.Exactly(1).Items.And.All.StartsWith("Providers:OpenAI:MaxConcurency is no key; "));
    }

    [Test]
    public void Start_WithEverySettingOfAProvider_Succeeds()
    {
        using var gateway = new ConfiguredGateway(
            "Production",
            ("Providers:OpenRouter:ApiKey", "k"),
            ("Providers:OpenRouter:Timeout", "00:10:00"),
            ("Providers:OpenRouter:IdleTimeout", "00:00:01"),
            ("Providers:OpenRouter:StreamTimeout", "00:10:00"),
            ("Providers:OpenRouter:MaxConcurrency", "10000"),
            ("Providers:OpenRouter:QueueTimeout", "00:00:00"),
            ("Providers:OpenRouter:Responses", "true"),
            ("Providers:OpenRouter:Headers:HTTP-Referer", "https://shop.example.org"),
            ("Providers:OpenRouter:Headers:X-Title", "Shop"));

        Assert.That(gateway.StartErrors(), Is.Empty);
    }
}
