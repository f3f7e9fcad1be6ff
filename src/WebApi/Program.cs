using AiPlatform.Application;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddApplication();
builder.Services.AddInfrastructure(builder.Configuration);
builder.Services.AddWebApi();

await using var app = builder.Build();
if (args.Contains("migrate"))
{
    await app.Services.MigrateDatabaseAsync(CancellationToken.None);
    return;
}

app.UseMiddleware<CallMiddleware>();
app.MapControllers();

var generatedKey = await app.Services.PrepareDatabaseAsync(CancellationToken.None);
if (generatedKey is not null)
{
    Console.WriteLine($"Administrator's API key, shown only now: {generatedKey}");
}

await app.RunAsync();

/// <summary>The host; public so that tests can start it.</summary>
public sealed partial class Program;
