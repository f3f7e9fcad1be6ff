using AiPlatform.Application;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Swagger;
using Microsoft.Extensions.Options;

var command = CommandLine.CommandOf(args);
if (command is StartCommand.Help or StartCommand.Unknown)
{
    await (command is StartCommand.Help ? Console.Out : Console.Error).WriteLineAsync(CommandLine.Usage);
    return command is StartCommand.Help ? 0 : 2;
}

try
{
    // Settings are read at the start alone. A watch on them would also wake for every write to a database file below them.
    var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    builder.Configuration.AddShippedSettings();
    builder.Configuration.AddDocumentedVariables();
    builder.Configuration.RequireLogLevels();
    builder.Services.AddApplication();
    builder.Services.AddInfrastructure(builder.Configuration);
    builder.Services.AddWebApi();
    builder.Services.AddSwaggerDocuments(builder.Configuration);

    await using var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.UseForwardedHeaders();
    app.UseMiddleware<CallMiddleware>();
    app.UseSwaggerDocuments();
    app.MapControllers();

    if (command is StartCommand.Migrate)
    {
        await app.Services.MigrateDatabaseAsync(CancellationToken.None);
        Console.WriteLine("The database is up to date.");
        return 0;
    }

    var generatedKey = await app.Services.PrepareDatabaseAsync(CancellationToken.None);

    // Its names are looked up now; in the first call nobody would see that one is gone.
    app.Services.GetRequiredService<IAllowedAddresses>();
    await app.StartAsync();
    StartBanner.Write(app.Services, generatedKey, Console.Out);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.Explain(failure) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}

/// <summary>The host; public so that tests can start it.</summary>
public sealed partial class Program;
