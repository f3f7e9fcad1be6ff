using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>
/// Turns the configured sections into settings, naming the key of every value that is wrong. No value is quoted: it may be a
/// secret that was put in the wrong place.
/// </summary>
internal sealed class ProviderSettingsReader
{
    private const int MostConcurrency = 10_000;

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);

    private readonly List<string> _errors = [];
    private readonly List<ProviderSettings> _configured = [];
    private bool? _sandboxEnabled;

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

    /// <summary>Whether the Sandbox may serve models: where nothing is said, everywhere but in Production.</summary>
    public bool IsSandboxOn(IHostEnvironment environment) => _sandboxEnabled ?? !environment.IsProduction();

    private void Read(string name, ProviderSection section)
    {
        var kind = ReadKind(name, section.Kind);
        if (kind is ProviderKind.Sandbox)
        {
            _sandboxEnabled = ReadSwitch(name, "Enabled", section.Enabled);
            return;
        }

        var settings = ReadSettings(name, kind, section);
        if (settings.ApiKey is null && string.IsNullOrWhiteSpace(section.Endpoint))
        {
            return;
        }

        Require(
            settings.Endpoint is not null || !string.IsNullOrWhiteSpace(section.Endpoint),
            name, "Endpoint", "is required with an ApiKey: an absolute http or https address");
        Require(
            settings.ApiKey is not null || kind is ProviderKind.OpenAI,
            name, "ApiKey", $"is required with an Endpoint: a key of {(kind is ProviderKind.Anthropic ? "Anthropic" : "the Azure OpenAI resource")}");
        _configured.Add(settings);
    }

    private ProviderSettings ReadSettings(string name, ProviderKind kind, ProviderSection section)
    {
        var builtIn = BuiltInProviders.All.GetValueOrDefault(name);
        var timeout = ReadTime(name, "Timeout", section.Timeout, ShortestTimeout, ProviderSettings.LongestTimeout);
        var endpoint = ReadEndpoint(name, section.Endpoint);
        return new ProviderSettings(name, kind)
        {
            Endpoint = endpoint ?? (builtIn?.Endpoint is { } vendors ? new Uri(vendors) : null),
            ApiKey = ReadApiKey(name, section.ApiKey),
            Headers = ReadHeaders(name, kind, section.Headers),
            Timeout = timeout ?? ProviderSettings.DefaultTimeout,
            IdleTimeout = ReadTime(name, "IdleTimeout", section.IdleTimeout, ShortestTimeout, ProviderSettings.LongestTimeout)
                ?? timeout ?? ProviderSettings.DefaultTimeout,
            StreamTimeout = ReadTime(name, "StreamTimeout", section.StreamTimeout, ShortestTimeout, ProviderSettings.LongestTimeout)
                ?? ProviderSettings.LongestTimeout,
            MaxConcurrency = ReadMaxConcurrency(name, section.MaxConcurrency),
            QueueTimeout = ReadTime(name, "QueueTimeout", section.QueueTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1))
                ?? ProviderSettings.DefaultQueueTimeout,
            HasResponses = ReadSwitch(name, "Responses", section.Responses)
                ?? (builtIn?.HasResponses is true || kind is ProviderKind.AzureOpenAI),
            Models = section.Models,
        };
    }

    private ProviderKind ReadKind(string name, string? text)
    {
        var builtIn = BuiltInProviders.All.GetValueOrDefault(name)?.Kind ?? ProviderKind.OpenAI;
        if (string.IsNullOrWhiteSpace(text))
        {
            return builtIn;
        }

        // A number would parse as well, and the Sandbox is one provider, not a kind to have many of.
        var isKind = Enum.TryParse<ProviderKind>(text, ignoreCase: true, out var kind) && char.IsAsciiLetter(text.Trim()[0]);
        var isSandbox = name.Equals(BuiltInProviders.Sandbox, StringComparison.OrdinalIgnoreCase);
        Require(
            isKind && (kind is ProviderKind.Sandbox) == isSandbox,
            name, "Kind", isSandbox ? "must be Sandbox" : "must be OpenAI, AzureOpenAI or Anthropic");
        return isKind ? kind : builtIn;
    }

    private bool? ReadSwitch(string name, string key, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        Require(bool.TryParse(text, out var value), name, key, "must be true or false");
        return value;
    }

    private TimeSpan? ReadTime(string name, string key, string? text, TimeSpan shortest, TimeSpan longest)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var isTime = TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time);
        Require(isTime && time >= shortest && time <= longest, name, key, $"must be a time hh:mm:ss from {shortest:c} to {longest:c}");
        return time;
    }

    private int? ReadMaxConcurrency(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most);
        Require(isNumber && most is >= 1 and <= MostConcurrency, name, "MaxConcurrency", $"must be a number from 1 to {MostConcurrency}");
        return most;
    }

    private List<(string Name, string Value)> ReadHeaders(string name, ProviderKind kind, Dictionary<string, string> configured)
    {
        foreach (var (header, value) in configured)
        {
            Require(
                ProviderHeaders.IsFree(header, kind), name, $"Headers:{header}",
                $"must be the name of a header that is neither the key's ({ProviderHeaders.CredentialOf(kind)}) nor the transport's (Host, Content-…, …)");
            Require(
                value is not null && ProviderHeaders.IsValue(value), name, $"Headers:{header}",
                $"must be 1 to {ProviderHeaders.LongestValue} printable ASCII characters without blanks around them");
        }

        return [.. configured.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase).Select(header => (header.Key, header.Value))];
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
