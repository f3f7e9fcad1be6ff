using System.Diagnostics;
using System.Text.Json.Nodes;
using AiPlatform.Clients.Provider;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients;

/// <summary>A script of the folder <c>scripts</c>: of Node.js, with the packages that <c>eng/services</c> installs, or of the shell.</summary>
internal static class Script
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script to its end and fails with what it printed where it fails.</summary>
    /// <param name="name">The script, without its ending.</param>
    /// <param name="provider">The provider at the end of the way.</param>
    /// <param name="platform">What stands between; <see langword="null"/> to call the provider itself.</param>
    /// <param name="messagesModel">The model that Anthropic's client asks.</param>
    public static async Task RunAsync(string name, ProviderServer provider, Platform? platform, string messagesModel)
    {
        var folder = Services.Require("AIPLATFORM_TEST_CLIENTS");
        var start = new ProcessStartInfo("node", ["--import", "./scripts/loopback-only.mjs", $"scripts/{name}.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of this machine configures a client: no proxy, no vendor's key, no tracing.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Path.GetTempPath();
        start.Environment["BASE_URL"] = platform is null ? provider.Endpoint : new Uri(platform.Address, "v1").AbsoluteUri;
        start.Environment["API_KEY"] = platform is null ? ProviderServer.Key : (await platform.CreateAccountAsync(Platform.Plenty)).ApiKey;
        start.Environment["LIMITED_KEY"] = platform is null ? string.Empty : (await platform.CreateLimitedAccountAsync("gpt-4o")).ApiKey;
        start.Environment["PROVIDER_URL"] = provider.Address.AbsoluteUri;
        start.Environment["THROUGH"] = platform is null ? "nothing" : "platform";
        start.Environment["MESSAGES_MODEL"] = messagesModel;
        var (exitCode, output) = await RunAsync(start);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>
    /// Runs a shell script of curl commands to its end. Whatever address of localhost they call, curl connects to the platform.
    /// </summary>
    /// <param name="name">The script, without its ending.</param>
    /// <param name="platform">Whom it calls.</param>
    /// <returns>What was answered, each on a line of what it printed.</returns>
    public static async Task<IReadOnlyList<JsonNode>> CurlAsync(string name, Platform platform)
    {
        var folder = Directory.CreateTempSubdirectory("aiplatform-curl-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, ".curlrc"),
                $"silent\nshow-error\nfail-with-body\nnoproxy = \"*\"\nconnect-to = \"localhost::127.0.0.1:{platform.Address.Port}\"\n");
            var start = new ProcessStartInfo("bash", [Repository.PathOf("tests", "Clients", "scripts", $"{name}.sh")])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment.Clear();
            start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
            start.Environment["HOME"] = folder;
            var (exitCode, output) = await RunAsync(start);
            Assert.That(exitCode, Is.Zero, output);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] is '{' or '[').Select(line => JsonNode.Parse(line)!)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, $"{await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"It had not ended after {Patience}.\n{await output}{await errors}");
        }
    }
}
