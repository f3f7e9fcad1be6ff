using System.Globalization;
using System.Text.Json;
using AiPlatform.Load.CommandLine;

namespace AiPlatform.Load.Driving;

/// <summary>Drives a server and tells what came of it; a process of its own, so that its cost is not the server's.</summary>
internal static class DriveCommand
{
    /// <summary>Printed when the warm-up is over and counting starts.</summary>
    public const string Measuring = "measuring";

    /// <summary>Printed when counting ends; the result follows in the next line.</summary>
    public const string Measured = "measured";

    /// <summary>How long after its time a run may last before it is given up.</summary>
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(60);

    public static Command Command { get; } = new(
        "drive",
        "drives a server with a closed or an open loop and prints the result as JSON",
        [
            new("to", string.Empty, "the address with its path; the host is an IP address on loopback"),
            new("tokens", string.Empty, "a file with an access token a line; each request takes the next one"),
            new("users", "0", "how many of the tokens are used; 0 uses all, 1 makes one account hot"),
            new("body", Requests.ProviderBody, "the JSON that is sent, or @ and the file that holds it"),
            new("connections", "64", "how many connections"),
            new("rate", "0", "requests a second (open loop); 0 sends the next request as soon as an answer came (closed loop)"),
            new("warm-up", "0.5", "seconds that are not counted"),
            new("seconds", "3", "seconds that are counted"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(options.Text("to"), UriKind.Absolute, out var target) || !target.IsLoopback)
        {
            throw new UsageException("--to must be an address on loopback.");
        }

        var (warmUp, duration) = (options.Seconds("warm-up", 0, 600), options.Seconds("seconds", 0.1, 3600));
        var rate = options.Number("rate", 0, 1_000_000);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(warmUp + duration + Overtime);
        using var load = new ClientLoad(
            target, Requests.Make(target, await BodyAsync(options.Text("body"), cancellationToken), await TokensAsync(options, cancellationToken)), options.Number("connections", 1, 4096));

        await DriveAsync(warmUp);
        Console.WriteLine(Measuring);
        var result = await DriveAsync(duration);
        Console.WriteLine(Measured);
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;

        Task<DriveResult> DriveAsync(TimeSpan time) =>
            rate > 0 ? load.DriveAsync(rate, time, patience.Token) : load.DriveAsync(time, patience.Token);
    }

    // A large body is no argument of a process.
    private static async Task<string> BodyAsync(string body, CancellationToken cancellationToken) =>
        body.StartsWith('@') ? await File.ReadAllTextAsync(body[1..], cancellationToken) : body;

    private static async Task<IReadOnlyList<string>> TokensAsync(Options options, CancellationToken cancellationToken)
    {
        if (options.Text("tokens") is not { Length: > 0 } file)
        {
            return [];
        }

        var tokens = await File.ReadAllLinesAsync(file, cancellationToken);
        var users = options.Number("users", 0, 1_000_000);
        return users == 0 ? tokens : tokens[..Math.Min(users, tokens.Length)];
    }

    /// <summary>The arguments of a drive, as another process passes them.</summary>
    public static string[] Arguments(Uri target, string body, string? tokenFile, DrivePlan plan) =>
    [
        Command.Name, "--to", target.AbsoluteUri, "--body", body, "--tokens", tokenFile ?? string.Empty,
        "--users", Text(plan.Users), "--connections", Text(plan.Connections), "--rate", Text(plan.Rate),
        "--warm-up", Text(plan.WarmUp.TotalSeconds), "--seconds", Text(plan.Duration.TotalSeconds),
    ];

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>How a server is driven.</summary>
/// <param name="Connections">How many connections.</param>
/// <param name="WarmUp">How long before anything counts.</param>
/// <param name="Duration">How long it counts.</param>
internal sealed record DrivePlan(int Connections, TimeSpan WarmUp, TimeSpan Duration)
{
    /// <summary>Requests a second; 0 is a closed loop.</summary>
    public int Rate { get; init; }

    /// <summary>How many users take turns; 0 is all.</summary>
    public int Users { get; init; }
}
