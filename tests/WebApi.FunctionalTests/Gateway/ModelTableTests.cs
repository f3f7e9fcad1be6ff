using AiPlatform.Application.Gateway;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>The table of models, which ships with the platform or is named by a setting.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ModelTableTests
{
    private const string Header =
        "model,provider,context_window,quality_index,input_usd_per_1m,output_usd_per_1m,blended_usd_per_1m,median_tokens_per_s,median_first_chunk_s,enabled";

    [Test]
    public async Task Start_WithTheShippedTable_AddsItsModelsAndFillsTheIndexesOfOthers()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var catalogue = platform.Services.GetRequiredService<IModelCatalogue>();

        Assert.That(catalogue.Find("gpt-4o")!.QualityIndex, Is.EqualTo(77));
        Assert.That(catalogue.Find("gpt-4-turbo")!.Routes.Single(), Is.EqualTo(new ModelRoute("OpenAI", "gpt-4-turbo")));
        Assert.That(catalogue.Find("claude-3-opus-20240229"), Is.Null, "It is not enabled.");
    }

    [TestCase("m,Shed,1000,,1,1,1,,,perhaps", "line 2 must have true or false as enabled")]
    [TestCase("m,Shed,1000,101,1,1,1,,,true", "line 2 must have a number from 0 to 100 as quality_index")]
    [TestCase("m,Shed,1000,,1,2,1,,,true", "line 2 must have a blended_usd_per_1m of (3 × input + output) / 4")]
    [TestCase("m,Shed,1000,,-1,2,1,,,true", "line 2 must have a price in US dollars")]
    [TestCase("m,Shed", "line 2 must have 10 fields")]
    [TestCase("m,Shed,9,,1,1,1,,,true\n\nM,Shed,9,,1,1,1,,,true", "line 4 repeats the model M")]
    public async Task Start_WithAWrongLine_StopsWithItsNumber(string lines, string message)
    {
        var folder = Directory.CreateTempSubdirectory("models-").FullName;
        var file = Path.Combine(folder, "models.csv");
        await File.WriteAllTextAsync(file, $"{Header}\n{lines}\n");
        Ended ended;
        await using (var server = ServerProcess.Start(folder, "Development", "--Urls=http://127.0.0.1:0", $"--Catalogue:ModelsCsv={file}"))
        {
            ended = await server.EndAsync();
        }

        Directory.Delete(folder, recursive: true);

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.StartWith($"Wrong configuration: Catalogue:ModelsCsv {message}"));
    }
}
