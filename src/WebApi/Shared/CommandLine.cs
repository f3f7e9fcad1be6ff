namespace AiPlatform.WebApi.Shared;

/// <summary>What the program is started for.</summary>
internal enum StartCommand
{
    /// <summary>Serve calls until it is stopped.</summary>
    Serve,

    /// <summary>Create or upgrade the database, and end.</summary>
    Migrate,

    /// <summary>Say how the program is started, and end.</summary>
    Help,

    /// <summary>Something that the program does not know; it must not serve instead.</summary>
    Unknown,
}

/// <summary>Reads the command line: one word is the command, everything else sets configuration keys.</summary>
internal static class CommandLine
{
    /// <summary>How the program is started.</summary>
    public const string Usage = """
        AiPlatform: one HTTP front door to every AI model.

          dotnet run --project src/WebApi               serve
          dotnet run --project src/WebApi -- migrate    create or upgrade the database, and end
          dotnet run --project src/WebApi -- help       show this, and end

        Configuration keys follow as --Key=value, for example --Urls=http://localhost:8081
        --Database:Provider=PostgreSql. README.md lists them.
        """;

    /// <summary>The command of a command line.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    public static StartCommand CommandOf(IReadOnlyList<string> arguments)
    {
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?" or "/?"))
        {
            return StartCommand.Help;
        }

        return Words(arguments).ToList() switch
        {
            [] => StartCommand.Serve,
            ["migrate"] => StartCommand.Migrate,
            ["help"] => StartCommand.Help,
            _ => StartCommand.Unknown,
        };
    }

    // "--Key value" is one setting, as the configuration reads it.
    private static IEnumerable<string> Words(IReadOnlyList<string> arguments)
    {
        for (var at = 0; at < arguments.Count; at++)
        {
            if (arguments[at] is not ['-' or '/', ..])
            {
                yield return arguments[at];
            }
            else if (!arguments[at].Contains('=', StringComparison.Ordinal))
            {
                at++;
            }
        }
    }
}
