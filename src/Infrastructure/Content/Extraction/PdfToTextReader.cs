using System.Diagnostics;
using System.Text;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Infrastructure.Content.Extraction;

/// <summary>
/// Reads PDF with poppler's <c>pdftotext</c> in a process of its own: a hostile file can at worst end that process. Time is
/// bounded everywhere, memory and CPU where <c>prlimit</c> (util-linux) is installed.
/// </summary>
internal sealed class PdfToTextReader(TimeProvider time) : IDocumentTextReader
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private static readonly string[] Limits = ["--as=1073741824", "--cpu=30", "--core=0"];

    public IReadOnlyList<string> Extensions { get; } = [".pdf"];

    public async Task<string> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var program = FindOnPath("pdftotext") ?? throw new RefusedException(RagErrors.PdfUnavailable);
        await using var file = await ScratchFile.CopyAsync(content, cancellationToken);
        using var timeout = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await RunAsync(Command(program, file.Name), either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(RagErrors.ExtractionTimedOut, late);
        }
    }

    private static async Task<string> RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(command) ?? throw new RefusedException(RagErrors.PdfUnavailable);
        try
        {
            var complaints = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            var text = await BoundedText.ReadAsync(process.StandardOutput, cancellationToken);
            await complaints;
            await process.WaitForExitAsync(cancellationToken);

            // Pages are separated by form feeds.
            return process.ExitCode == 0
                ? text.Replace("\f", "\n\n", StringComparison.Ordinal)
                : throw new RefusedException(RagErrors.Unreadable);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Command(string program, string path)
    {
        string[] conversion = ["-q", "-enc", "UTF-8", "-eol", "unix", path, "-"];
        var limiter = OperatingSystem.IsLinux() ? FindOnPath("prlimit") : null;
        var command = limiter is null
            ? new ProcessStartInfo(program, conversion)
            : new ProcessStartInfo(limiter, [.. Limits, "--", program, .. conversion]);
        command.RedirectStandardOutput = command.RedirectStandardError = true;
        command.StandardOutputEncoding = Encoding.UTF8;
        command.CreateNoWindow = true;

        // The process has no use for the secrets that the environment may hold.
        command.Environment.Clear();
        return command;
    }

    private static string? FindOnPath(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
