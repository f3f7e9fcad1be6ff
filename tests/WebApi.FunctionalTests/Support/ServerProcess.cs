using System.Diagnostics;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The program itself, as an operator starts it: a process with a folder of its own and nothing configured.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program in a folder, with these arguments.</summary>
    public static ServerProcess Start(string folder, string environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "AiPlatform.WebApi.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the machine's own environment says must not configure the program, and it ends before a profile of it is of use.
        start.Environment.Clear();
        foreach (var inherited in new[] { "PATH", "HOME", "DOTNET_ROOT", "TMPDIR" })
        {
            start.Environment[inherited] = Environment.GetEnvironmentVariable(inherited);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>Reads what it prints, up to and with the first line that contains a text.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return string.Join('\n', lines);
            }
        }

        throw new AssertionException($"It ended before it printed '{text}': {string.Join('\n', lines)} {await _errors}");
    }

    /// <summary>
    /// Lets what it prints go by, so that a long run never waits for a reader; what it printed is then no part of how it ended.
    /// </summary>
    public void IgnoreOutput() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public async Task<Ended> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task<Ended> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = await _process.StandardOutput.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return new Ended(_process.ExitCode, output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}

/// <summary>How the program ended, and what it printed that was not read before.</summary>
public sealed record Ended(int ExitCode, string Output, string Errors);
