using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Contention;
using AiPlatform.Load.Crash;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Measuring;
using AiPlatform.Load.Servers;

Command[] commands =
[
    RunCommand.Command,
    LedgerCommand.Command,
    StreamCommand.Command,
    StreamsCommand.Command,
    BodiesCommand.Command,
    GrowthCommand.Command,
    SoakCommand.Command,
    CrashCommand.Command,
    ContentionCommand.Command,
    Upstream.Command,
    Proxy.Command,
    Framework.Command,
    DriveCommand.Command,
];

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var chosen = commands.FirstOrDefault(command => command.Name == args.FirstOrDefault());
if (chosen is null || args.Contains("--help"))
{
    Console.WriteLine(chosen is not null ? chosen.Help() : $"""
        What the platform costs, measured on this machine, on loopback alone. Build it in Release.

          dotnet run -c Release --project tests/Load -- COMMAND [--option value …]

        {string.Join('\n', commands.Select(command => command.Help()))}
        """);
    return args.FirstOrDefault() is null or "help" or "--help" || chosen is not null ? 0 : 2;
}

try
{
    return await chosen.Run(new Options(chosen.Options, args[1..]), stop.Token);
}
catch (UsageException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n\n{chosen.Help()}");
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
