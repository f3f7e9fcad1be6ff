using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace AiPlatform.Load.Processes;

/// <summary>A process that this one started, and that ends with it.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int MaxKeptOutput = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to its error stream so far; at most 16 KiB.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts this program with other arguments.</summary>
    public static ChildProcess StartSelf(IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start(typeof(ChildProcess).Assembly.Location, arguments, AppContext.BaseDirectory, environment);

    /// <summary>Starts a .NET program.</summary>
    public static ChildProcess Start(
        string assembly, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] environment) =>
        StartProgram(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            [assembly, .. arguments],
            folder,
            environment);

    /// <summary>Starts any program.</summary>
    public static ChildProcess StartProgram(
        string program, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>The next line of its output; <see langword="null"/> at the end.</summary>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) => _process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>Waits for the address that a server prints when it listens, then lets its output go by.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was silent for 30 seconds.</exception>
    public async Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var read = new StringBuilder();
        while (await ReadLineAsync(patience.Token) is { } line)
        {
            read.AppendLine(line);
            if (Address().Match(line) is { Success: true } found)
            {
                IgnoreOutput();
                return new Uri(found.Value);
            }
        }

        throw new InvalidOperationException($"A server ended before it listened.\n{read}{Errors}");
    }

    /// <summary>Lets its output go by, so that it never waits for a reader.</summary>
    public void IgnoreOutput() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);

    /// <summary>Waits until it ends by itself.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Ends it and its children at once, as a crash does (<c>SIGKILL</c>).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Length < MaxKeptOutput)
            {
                _errors.AppendLine(line);
            }
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
