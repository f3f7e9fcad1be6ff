using System.Diagnostics;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>
/// Real processes, killed and accounted for: short runs of <c>eng/crash-test</c>, which says what its words mean. They want the
/// machine for themselves.
/// </summary>
[NonParallelizable]
public sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Test]
    public async Task Calls_WhenTheServerIsKilledUnderLoad_AreAllAccountedFor() =>
        AssertClean(await RunAsync("crash", "--kills", "3", "--longest-life", "800", "--connections", "16", "--seed", "1"));

    [Test]
    public async Task Calls_WhenReplicasOnOneDatabaseAreKilledUnderLoad_AreAllAccountedFor()
    {
        Services.Require("AIPLATFORM_TEST_POSTGRES");

        AssertClean(await RunAsync(
            "crash", "--database", "postgres", "--processes", "2", "--kills", "3", "--longest-life", "800", "--connections", "16", "--seed", "1"));
    }

    [Test]
    public async Task Calls_WhenPostgreSqlIsKilledUnderLoad_AreAllAccountedFor()
    {
        Services.Require("AIPLATFORM_TEST_POSTGRES");

        AssertClean(await RunAsync(
            "crash", "--database", "postgres", "--kill", "database", "--kills", "3", "--longest-life", "800", "--connections", "16", "--seed", "1"));
    }

    [Test]
    public async Task Calls_WhenReplicasSpendOneAccountToItsEnd_SucceedExactlyAsOftenAsItPays()
    {
        Services.Require("AIPLATFORM_TEST_POSTGRES");

        var (exitCode, output) = await RunAsync("contention", "--credits", "300");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("succeeded 300\n").And.Contain("refused 128 "));
    }

    private static void AssertClean((int ExitCode, string Output) run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Contain("kills 3\nlost 0\ndouble 0\noverspent 0\n"));
    }

    /// <summary>Runs the program of tests/Load, of the same build as this one.</summary>
    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var build = Path.GetRelativePath(Repository.PathOf("tests", "WebApi.FunctionalTests"), AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [Repository.PathOf("tests", "Load", build, "AiPlatform.Load.dll"), .. arguments])
        {
            WorkingDirectory = Repository.PathOf(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Every server that it starts lives for a second or two, too short for the runtime's profile to be of use.
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (arguments[0] == "crash")
        {
            start.ArgumentList.Add("--evidence");
            start.ArgumentList.Add(Repository.PathOf("artifacts", "crash-test", $"{TestContext.CurrentContext.Test.Name}.txt"));
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, $"{await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
