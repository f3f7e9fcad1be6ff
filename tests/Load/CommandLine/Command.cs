namespace AiPlatform.Load.CommandLine;

/// <summary>Something that the program does.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Options">What can be said about it.</param>
/// <param name="Run">Does it; answers the exit code.</param>
internal sealed record Command(
    string Name, string Summary, IReadOnlyList<Option> Options, Func<Options, CancellationToken, Task<int>> Run)
{
    /// <summary>What a reader has to know beyond the options.</summary>
    public string Notes { get; init; } = string.Empty;

    /// <summary>The help of this command.</summary>
    public string Help()
    {
        var lines = Options.Select(option =>
            $"  --{option.Name,-14} {option.Help}{(option.Default.Length > 0 ? $" [{option.Default}]" : string.Empty)}");
        return string.Join('\n', [$"{Name}: {Summary}", .. lines, .. Notes.Length > 0 ? [string.Empty, Notes] : Array.Empty<string>(), string.Empty]);
    }
}
