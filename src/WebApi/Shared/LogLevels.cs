using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>The levels of the log. The framework reads them before anything else, and ends in a stack trace at one that it does not know.</summary>
internal static class LogLevels
{
    private const string Section = "Logging";

    /// <summary>Refuses a level that there is not.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <exception cref="OptionsValidationException">Some level is wrong.</exception>
    public static void RequireLogLevels(this IConfiguration configuration)
    {
        var wrong = configuration.GetSection(Section).AsEnumerable()
            .Where(setting => IsLevel(setting.Key) && setting.Value is { Length: > 0 } level && !Enum.TryParse<LogLevel>(level, ignoreCase: true, out _))
            .Select(setting => $"{setting.Key} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}, not '{setting.Value}'.")
            .ToList();
        if (wrong.Count > 0)
        {
            throw new OptionsValidationException(Section, typeof(LogLevel), wrong);
        }
    }

    private static bool IsLevel(string key) =>
        key.Split(ConfigurationPath.KeyDelimiter) is [.., var parent, _] && parent.Equals(nameof(LogLevel), StringComparison.OrdinalIgnoreCase);
}
