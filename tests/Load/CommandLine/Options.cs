using System.Globalization;

namespace AiPlatform.Load.CommandLine;

/// <summary>One option of a command.</summary>
/// <param name="Name">Its name, without the dashes.</param>
/// <param name="Default">What holds where it is not given; empty where it has no default.</param>
/// <param name="Help">What it is, for the reader of the help.</param>
internal sealed record Option(string Name, string Default, string Help);

/// <summary>The options that a command was given, over its defaults.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _defaults;

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <exception cref="UsageException">An option is unknown or has no value.</exception>
    public Options(IReadOnlyList<Option> known, IReadOnlyList<string> arguments)
    {
        _defaults = known.ToDictionary(option => option.Name, option => option.Default, StringComparer.Ordinal);
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var name = arguments[index].StartsWith("--", StringComparison.Ordinal) ? arguments[index][2..] : string.Empty;
            if (!_defaults.ContainsKey(name) || index + 1 == arguments.Count)
            {
                throw new UsageException($"'{arguments[index]}' is not an option with a value.");
            }

            (_given.TryGetValue(name, out var values) ? values : _given[name] = []).Add(arguments[index + 1]);
        }
    }

    /// <summary>An option's value; the last one where it was given several times.</summary>
    public string Text(string name) => _given.TryGetValue(name, out var values) ? values[^1] : _defaults[name];

    /// <summary>Every value of an option that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => _given.TryGetValue(name, out var values) ? values : [];

    /// <summary>A comma-separated list.</summary>
    public IReadOnlyList<string> List(string name) => Text(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int least, int most) => Number(name, Text(name), least, most);

    /// <summary>A comma-separated list of whole numbers within bounds.</summary>
    public IReadOnlyList<int> Numbers(string name, int least, int most) => [.. List(name).Select(text => Number(name, text, least, most))];

    /// <summary>A duration in seconds, fractions allowed.</summary>
    public TimeSpan Seconds(string name, double least, double most)
    {
        var isNumber = double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds);
        return isNumber && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--{name} must be a number of seconds from {least} to {most}, not '{Text(name)}'.");
    }

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"--{name} must be a whole number from {least} to {most}, not '{text}'.");
}

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
