using System.Diagnostics;
using AiPlatform.Clients.Provider;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients;

/// <summary>A script of the folder <c>scripts</c>, run by Node.js with the packages that <c>eng/services</c> installs.</summary>
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
