using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Stands for what is configured and read by nobody; it carries nothing, and is there to be validated at the start.</summary>
internal sealed class UnreadSettings;

/// <summary>Refuses sections and keys that nothing reads: what their author wanted would silently not happen.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="sections">What is read.</param>
internal sealed class UnreadSettingsValidator(IConfiguration configuration, IEnumerable<ReadSection> sections) : IValidateOptions<UnreadSettings>
{
    private static readonly string[] OfTheHost = ["Logging", "Kestrel", "hostBuilder"];

    public ValidateOptionsResult Validate(string? name, UnreadSettings options)
    {
        var wrong = UnreadSections().Concat(UnreadKeys()).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    // The environment is shared with other programs, which have sections of their own there.
    private IEnumerable<string> UnreadSections() =>
        from source in (configuration as IConfigurationRoot)?.Providers ?? []
        where source is JsonConfigurationProvider or CommandLineConfigurationProvider
        from section in source.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase)
        where source.GetChildKeys([], section).Any() && !IsRead(section)
        select $"{section} is no section; there are {string.Join(", ", sections.Select(read => read.Name).Order(StringComparer.Ordinal))}.";

    private IEnumerable<string> UnreadKeys() =>
        from section in sections
        where section.Keys.Length > 0
        from child in configuration.GetSection(section.Name).GetChildren()
        where !section.Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select $"{child.Path} is no key; {section.Name} has {string.Join(", ", section.Keys)}.";

    private bool IsRead(string section) =>
        OfTheHost.Concat(sections.Select(read => read.Name)).Contains(section, StringComparer.OrdinalIgnoreCase);
}
