using System.Globalization;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>
/// Turns the configured sections into settings, naming the key of every value that is wrong. No value is quoted: it may be a
/// secret that was put in the wrong place.
/// </summary>
internal sealed class ProviderSettingsReader
{
    public const string SandboxName = "Sandbox";

    private static readonly Dictionary<string, (ProviderKind Kind, string? Endpoint)> BuiltIn = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OpenAI"] = (ProviderKind.OpenAI, "https://api.openai.com/v1"),
        ["AzureOpenAI"] = (ProviderKind.AzureOpenAI, null),
        ["DeepSeek"] = (ProviderKind.OpenAI, "https://api.deepseek.com/v1"),
        ["Llama"] = (ProviderKind.OpenAI, "https://api.llama.com/compat/v1"),
        [SandboxName] = (ProviderKind.Sandbox, null),
    };

    private readonly List<string> _errors = [];
    private readonly List<ProviderSettings> _configured = [];

    /// <summary>Reads every section.</summary>
    public ProviderSettingsReader(GatewayOptions options)
    {
        foreach (var (name, section) in options.Providers.OrderBy(provider => provider.Key, StringComparer.OrdinalIgnoreCase))
        {
            Read(name, section);
        }
    }

    /// <summary>What is wrong, each with its key.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The providers that can be called, but for the Sandbox.</summary>
    public IReadOnlyList<ProviderSettings> Configured => _configured;

    /// <summary>Whether the Sandbox is switched on or off; <see langword="null"/> where nothing is said.</summary>
    public bool? SandboxEnabled { get; private set; }

    private void Read(string name, ProviderSection section)
    {
        var kind = ReadKind(name, section.Kind);
        if (kind is ProviderKind.Sandbox)
        {
            SandboxEnabled = ReadEnabled(name, section.Enabled);
            return;
        }

        var timeout = ReadTimeout(name, section.Timeout);
        var apiKey = ReadApiKey(name, section.ApiKey);
        var endpoint = ReadEndpoint(name, section.Endpoint);
        if (apiKey is null && string.IsNullOrWhiteSpace(section.Endpoint))
        {
            return;
        }

        if (endpoint is null && BuiltIn.GetValueOrDefault(name).Endpoint is { } vendors)
        {
            endpoint = new Uri(vendors);
        }

        Require(
            endpoint is not null || !string.IsNullOrWhiteSpace(section.Endpoint),
            name, "Endpoint", "is required with an ApiKey: an absolute http or https address");
        Require(
            apiKey is not null || kind is not ProviderKind.AzureOpenAI,
            name, "ApiKey", "is required with an Endpoint: a key of the Azure OpenAI resource");
        _configured.Add(
            new ProviderSettings(name, kind) { Endpoint = endpoint, ApiKey = apiKey, Timeout = timeout, Models = section.Models });
    }

    private ProviderKind ReadKind(string name, string? text)
    {
        var builtIn = BuiltIn.TryGetValue(name, out var known) ? known.Kind : ProviderKind.OpenAI;
        if (string.IsNullOrWhiteSpace(text))
        {
            return builtIn;
        }

        // A number would parse as well, and the Sandbox is one provider, not a kind to have many of.
        var isKind = Enum.TryParse<ProviderKind>(text, ignoreCase: true, out var kind) && char.IsAsciiLetter(text.Trim()[0]);
        var isSandbox = name.Equals(SandboxName, StringComparison.OrdinalIgnoreCase);
        Require(
            isKind && (kind is ProviderKind.Sandbox) == isSandbox,
            name, "Kind", isSandbox ? "must be Sandbox" : "must be OpenAI or AzureOpenAI");
        return isKind ? kind : builtIn;
    }

    private bool? ReadEnabled(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        Require(bool.TryParse(text, out var enabled), name, "Enabled", "must be true or false");
        return enabled;
    }

    private TimeSpan ReadTimeout(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return ProviderSettings.DefaultTimeout;
        }

        var isTime = TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var timeout);

        // Well under the expiry of a hold, so that no call outlives the money set aside for it.
        Require(
            isTime && timeout >= TimeSpan.FromSeconds(1) && timeout <= TimeSpan.FromMinutes(10),
            name, "Timeout", "must be a time hh:mm:ss from 00:00:01 to 00:10:00");
        return timeout;
    }

    private string? ReadApiKey(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var key = text.Trim();
        Require(key.All(letter => letter is > ' ' and <= '~'), name, "ApiKey", "must be printable ASCII without blanks");
        return key;
    }

    private Uri? ReadEndpoint(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var isAddress = Uri.TryCreate(text.Trim(), UriKind.Absolute, out var endpoint)
            && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
            && endpoint is { UserInfo: "", Query: "", Fragment: "" };
        Require(isAddress, name, "Endpoint", "must be an absolute http or https address without user, query or fragment");
        return isAddress ? endpoint : null;
    }

    private void Require(bool holds, string name, string key, string expectation)
    {
        if (!holds)
        {
            _errors.Add($"{GatewayOptions.SectionName}:{name}:{key} {expectation}.");
        }
    }
}
